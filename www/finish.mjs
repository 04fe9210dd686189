// Trunk calls this after each build: splits the modules of a release and makes its scripts smaller, in the folder that
// becomes the page.
import { transform } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { splitModules } from "./split/index.mjs";

const { CARGO_TARGET_DIR = "target", TRUNK_PROFILE, TRUNK_SOURCE_DIR, TRUNK_STAGING_DIR } = process.env;

if (TRUNK_PROFILE === "release") {
  await splitModules(TRUNK_STAGING_DIR, resolve(TRUNK_SOURCE_DIR, CARGO_TARGET_DIR, "wasm32-unknown-unknown/release"));
  const entries = await readdir(TRUNK_STAGING_DIR, { recursive: true, withFileTypes: true });
  const scripts = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".js"));
  await Promise.all(scripts.map(async (entry) => {
    const file = join(entry.parentPath, entry.name);
    const { code } = await transform(await readFile(file, "utf8"), { minify: true, target: "es2022" });
    await writeFile(file, code);
  }));
}
