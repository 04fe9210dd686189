// Trunk calls this after each build: splits the modules of a release and makes its scripts smaller, in the folder that
// becomes the page.
import { transform } from "esbuild";
import { copyFile, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { splitModules } from "./split/index.mjs";

const { CARGO_TARGET_DIR = "target", TRUNK_PROFILE, TRUNK_SOURCE_DIR, TRUNK_STAGING_DIR } = process.env;

// The editor's bundle is where wasm-bindgen put it; what it fetches later has to lie beside it.
const generated = join(TRUNK_SOURCE_DIR, "www/generated");
const staged = await readdir(TRUNK_STAGING_DIR, { recursive: true });
const besideEditor = dirname(join(TRUNK_STAGING_DIR, staged.find((path) => path.endsWith("/www/generated/editor.js"))));
const later = (await readdir(generated)).filter((file) => file.startsWith("completion-"));
await Promise.all(later.map((file) => copyFile(join(generated, file), join(besideEditor, file))));

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
