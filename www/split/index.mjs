// Splits the modules of a release in the folder that becomes the page, as the plans beside this file say.
import { createHash } from "node:crypto";
import { readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { withLoader } from "./glue.mjs";
import { readPlan } from "./plan.mjs";
import { split } from "./split.mjs";
import { readSymbols } from "./symbols.mjs";

/** The names of the modules; each has its plan. */
const MODULES = ["app", "worker"];

/** Splits every module in `folder`; `linked` is the folder where Cargo left them. */
export async function splitModules(folder, linked) {
  for (const name of MODULES) {
    await splitModule(folder, name, readSymbols(await readFile(join(linked, `${name}.wasm`))));
  }
}

/** Splits one module. Its parts are named by their content, so that a cache never mixes those of different builds. */
async function splitModule(folder, name, linked) {
  const file = (await readdir(folder)).find((entry) => new RegExp(`^${name}(-\\w+)?_bg\\.wasm$`).test(entry));
  const stem = file.replace("_bg.wasm", "");
  const plan = readPlan(await readFile(new URL(`${name}.txt`, import.meta.url), "utf8"));
  const bytes = await readFile(join(folder, file));
  let identity;
  const [first, ...others] = split(bytes, plan, (parts) => (identity = hash(parts)), linked);
  const unused = plan.rules.filter(({ used }) => !used).map(({ path }) => path);
  if (unused.length > 0) {
    console.warn(`www/split/${name}.txt: no function has the path ${unused.join(", ")}`);
  }
  const files = plan.parts.map((part, at) => `${name}.${part}-${hash([others[at]])}.wasm`);
  await Promise.all(files.map((part, at) => writeFile(join(folder, part), checked(part, others[at]))));
  await writeFile(join(folder, file), checked(file, first));
  const glue = await readFile(join(folder, `${stem}.js`), "utf8");
  await writeFile(join(folder, `${stem}.js`), await withLoader(glue, identity, files));
  if (stem !== name) {
    await renameByContent(folder, name, stem);
  }
}

function hash(parts) {
  const sum = createHash("sha256");
  parts.forEach((part) => sum.update(part));
  return sum.digest("hex").slice(0, 16);
}

function checked(file, bytes) {
  if (!WebAssembly.validate(bytes)) {
    throw new Error(`${file}: the split made a module that is not valid`);
  }
  return bytes;
}

/** Trunk named the files before they were split: another plan has to give other names. */
async function renameByContent(folder, name, stem) {
  const ends = [".js", "_bg.wasm"];
  const contents = await Promise.all(ends.map((end) => readFile(join(folder, stem + end))));
  const named = `${name}-${hash(contents)}`;
  await Promise.all(ends.map((end) => rename(join(folder, stem + end), join(folder, named + end))));
  const index = join(folder, "index.html");
  await writeFile(index, (await readFile(index, "utf8")).replaceAll(stem, named));
}
