// Fits the glue code that wasm-bindgen writes to a module that is split: it imports the loader, and tells it the exports.
import { readFile } from "node:fs/promises";

const RUNTIME = new URL("parts.js", import.meta.url);

/** The glue code with the loader of the parts in `files`. */
export async function withLoader(glue, identity, files) {
  const list = files.map((file) => `new URL(${JSON.stringify(file)}, import.meta.url).href`).join(", ");
  const runtime = `${await readFile(RUNTIME, "utf8")}\nconst parts = deferredParts(${JSON.stringify(identity)}, [${list}]);\n`;
  const importing = once(glue, "return {\n        __proto__: null,", (text) => `${text} parts: parts.imports,`);
  return runtime + once(importing, "wasm = instance.exports;", (text) => `${text} parts.begin(wasm);`);
}

/** Changes a text at one place, which is counted: another version of wasm-bindgen may write another text. */
function once(text, place, change) {
  const hits = text.split(place).length - 1;
  if (hits !== 1) {
    throw new Error(`the glue code has \`${place}\` ${hits} times, not once`);
  }
  return text.replace(place, change);
}
