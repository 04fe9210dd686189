// A module that notes which of its functions run, to find out what belongs into the first part.
import { Reader, join, s32, u32 } from "./bytes.mjs";
import { renumbered } from "./code.mjs";
import { KIND, read, write } from "./module.mjs";

/** The import that each function calls first, with its place among the module's own functions. */
const [FROM, AS] = ["count", "run"];

/** The module with a call to the import at the start of each function. */
export function counted(bytes) {
  const module = read(bytes);
  const imported = module.imports.filter(({ kind }) => kind === KIND.function).length;
  const type = module.types.push({ bytes: Uint8Array.of(0x60, 1, 0x7f, 0) }) - 1;
  // The new import comes after the others, and before the functions of the module.
  const number = (index) => (index < imported ? index : index + 1);
  const numbered = (entry) => (entry.kind === KIND.function ? { ...entry, index: number(entry.index) } : entry);
  return write({
    ...module,
    imports: [...module.imports, { from: FROM, as: AS, kind: KIND.function, type: u32(type) }],
    exports: module.exports.map(numbered),
    elements: module.elements.map((entry) => ({ ...entry, functions: entry.functions.map(number) })),
    bodies: module.bodies.map((body, at) => counting(renumbered(body, number), at, imported)),
  });
}

/** `run(at); …` */
function counting(body, at, run) {
  const reader = new Reader(body);
  reader.list(() => [reader.u32(), reader.byte()]);
  return join([body.subarray(0, reader.at), [0x41], s32(at), [0x10], u32(run), body.subarray(reader.at)]);
}

/** Glue code for it: what has run is `true` in the global list `ran`. */
export function countingGlue(glue) {
  const place = "return {\n        __proto__: null,";
  return `globalThis.ran = [];\n${glue.replace(place, `${place} ${FROM}: { ${AS}: (at) => { ran[at] = true; } },`)}`;
}
