// A WebAssembly module as its sections: read into lists, and written again. Knows no instruction.
import { Reader, join, list, name, s32, sized, u32 } from "./bytes.mjs";

/** The number of each section. */
export const SECTION = {
  custom: 0, type: 1, import: 2, function: 3, table: 4, memory: 5, global: 6, export: 7, start: 8, element: 9, code: 10,
  data: 11, dataCount: 12,
};
/** What an import or export is. */
export const KIND = { function: 0, table: 1, memory: 2, global: 3 };

const ORDER = ["type", "import", "function", "table", "memory", "global", "export", "start", "element", "dataCount", "code", "data"];
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/**
 * Reads a module.
 *
 * `types`, `imports`, `exports`, `elements`, `functions` (the type of each function of its own), `bodies` and `names`
 * (by function number) are lists; the other sections stay bytes in `raw`.
 */
export function read(bytes) {
  const reader = new Reader(bytes, HEADER.length);
  const module = { types: [], imports: [], functions: [], exports: [], elements: [], bodies: [], names: new Map(), raw: {} };
  while (!reader.done) {
    const id = reader.byte();
    const length = reader.u32();
    const part = new Reader(bytes, reader.at, reader.at + length);
    reader.at += length;
    const section = Object.keys(SECTION).find((key) => SECTION[key] === id);
    if (section === undefined) {
      throw new Error(`a section that is not known: ${id}`);
    }
    readSection(module, section, part);
  }
  return module;
}

function readSection(module, section, part) {
  const { bytes, at, end } = part;
  switch (section) {
    case "custom":
      if (part.name() === "name") {
        module.names = functionNames(part);
      }
      break;
    case "type": module.types = part.list(() => functionType(part)); break;
    case "import": module.imports = part.list(() => imported(part)); break;
    case "function": module.functions = part.list(() => part.u32()); break;
    case "export": module.exports = part.list(() => ({ name: part.name(), kind: part.byte(), index: part.u32() })); break;
    case "element": module.elements = part.list(() => element(part)); break;
    case "code": module.bodies = part.list(() => part.take(part.u32())); break;
    default: module.raw[section] = bytes.subarray(at, end);
  }
}

function functionType(part) {
  const start = part.at;
  if (part.byte() !== 0x60) {
    throw new Error("a type that is no function");
  }
  const params = part.list(() => part.byte());
  const results = part.list(() => part.byte());
  return { params, results, bytes: part.bytes.subarray(start, part.at) };
}

function imported(part) {
  const [from, as, kind] = [part.name(), part.name(), part.byte()];
  const start = part.at;
  switch (kind) {
    case KIND.function: part.u32(); break;
    case KIND.table: part.byte(); limits(part); break;
    case KIND.memory: limits(part); break;
    case KIND.global: part.take(2); break;
    default: throw new Error(`an import that is not known: ${kind}`);
  }
  return { from, as, kind, type: part.bytes.subarray(start, part.at) };
}

/** The data that a module writes into its memory: where, and what. */
export function dataSegments({ raw }) {
  const part = new Reader(raw.data ?? new Uint8Array(1));
  return part.list(() => {
    if (part.u32() !== 0 || part.byte() !== 0x41) {
      throw new Error("data of a kind that is not known");
    }
    const at = part.s32();
    part.byte();
    return { at, bytes: part.take(part.u32()) };
  });
}

/** The sections that write data into memory. */
export function dataSections(segments) {
  const parts = segments.map(({ at, bytes }) => join([[0, 0x41], s32(at), [0x0b], sized(bytes)]));
  return { data: list(parts), dataCount: u32(segments.length) };
}

/** Reads limits: the flags, the least, and the most if there is one. */
export function limits(part) {
  const flags = part.byte();
  return { flags, least: part.u32(), most: flags & 1 ? part.u32() : undefined };
}

/** Writes limits. */
export function limitBytes({ flags, least, most }) {
  return [flags, ...u32(least), ...(flags & 1 ? u32(most) : [])];
}

/** A list of functions at a place of the first table: the one kind of element that compilers of Rust write. */
function element(part) {
  if (part.u32() !== 0 || part.byte() !== 0x41) {
    throw new Error("elements of a kind that is not known");
  }
  const offset = part.u32();
  if (part.byte() !== 0x0b) {
    throw new Error("elements at a place that is no constant");
  }
  return { offset, functions: part.list(() => part.u32()) };
}

function functionNames(part) {
  while (!part.done) {
    const [kind, length] = [part.byte(), part.u32()];
    if (kind === 1) {
      return new Map(part.list(() => [part.u32(), part.name()]));
    }
    part.at += length;
  }
  return new Map();
}

/** Writes a module. Names and other custom sections are left out. */
export function write({ types, imports, functions, exports, elements, bodies, raw }) {
  const lists = {
    type: types.map(({ bytes }) => bytes),
    import: imports.map(({ from, as, kind, type }) => join([name(from), name(as), [kind], type])),
    function: functions.map(u32),
    export: exports.map((entry) => join([name(entry.name), [entry.kind], u32(entry.index)])),
    element: elements.map((entry) => join([[0, 0x41], s32(entry.offset), [0x0b], list(entry.functions.map(u32))])),
    code: bodies.map(sized),
  };
  const sections = ORDER.flatMap((section) => {
    const payload = lists[section] ? list(lists[section]) : raw[section];
    const empty = !payload || (lists[section] && lists[section].length === 0);
    return empty ? [] : [[SECTION[section]], sized(payload)];
  });
  return join([HEADER, ...sections]);
}
