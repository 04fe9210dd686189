// The data of a module as the linker knows it: which addresses belong together, and what points where.
import { Reader } from "./bytes.mjs";
import { SECTION } from "./module.mjs";

const DATA_SYMBOL = 1;
const SYMBOL_TABLE = 8;
const [UNDEFINED, EXPLICIT_NAME] = [0x10, 0x40];
/** Relocations that hold an address in memory, and others with an addend. */
const ADDRESS = new Set([3, 4, 5, 11, 14, 15, 16, 17, 21, 23, 25]);
const WITH_ADDEND = new Set([...ADDRESS, 8, 9, 22]);

/**
 * Reads a module that was linked with `--emit-relocs`: `symbols` in the order of their addresses, each with `at`, `size` and
 * `points`, the symbols that its bytes point to, and `isLocation` if it is a place in the source, which a panic tells; `values`, the addresses in code, each with the symbols that it means where
 * it lies outside of them; and `byteAt`, the byte that an address holds at the start.
 */
export function readSymbols(bytes) {
  const sections = sectionsOf(bytes);
  const segments = segmentsOf(sections.data);
  const table = symbolTable(sections.linking, segments);
  const values = new Map();
  for (const { symbol, addend } of relocations(sections["reloc.CODE"])) {
    const meant = table[symbol];
    if (meant) {
      const address = meant.at + addend;
      const outside = addend < 0 || addend > meant.size ? [meant] : [];
      values.set(address, [...(values.get(address) ?? []), ...outside]);
    }
  }
  const symbols = [...new Set(table.filter(Boolean))].sort((one, other) => one.at - other.at);
  const places = relocations(sections["reloc.DATA"]).map((entry) => ({ ...entry, at: addressOf(segments, entry.offset) }));
  places.sort((one, other) => one.at - other.at);
  addPointers(symbols, places, table);
  const isPath = memoized((symbol) => symbol.size > 3 && text(segments, symbol).replace(/\0$/, "").endsWith(".rs"));
  symbols.forEach((one) => (one.isLocation = one.size === 16 && one.points.length === 1 && isPath(one.points[0])));
  const byteAt = (at) => {
    const segment = segments.find((one) => at >= one.at && at < one.at + one.bytes.length);
    return segment?.bytes[at - segment.at];
  };
  return { symbols, values, byteAt };
}

function sectionsOf(bytes) {
  const found = {};
  const reader = new Reader(bytes, 8);
  while (!reader.done) {
    const [id, length] = [reader.byte(), reader.u32()];
    const part = new Reader(bytes, reader.at, reader.at + length);
    reader.at += length;
    if (id === SECTION.custom) {
      found[part.name()] = part;
    } else if (id === SECTION.data) {
      found.data = part;
    }
  }
  if (!found.linking) {
    throw new Error("the module was linked without --emit-relocs");
  }
  return found;
}

/** The segments of data, with their place in the section, by which relocations count. */
function segmentsOf(part) {
  const start = part.at;
  return part.list(() => {
    part.take(2);
    const at = part.s32();
    part.byte();
    const length = part.u32();
    return { at, offset: part.at - start, bytes: part.take(length) };
  });
}

function addressOf(segments, offset) {
  const { at, offset: start } = segments.findLast((segment) => segment.offset <= offset);
  return at + offset - start;
}

/** The symbols by their number; holes where one is no data. Names of one thing share an entry. */
function symbolTable(part, segments) {
  part.u32();
  while (!part.done) {
    const [kind, length] = [part.byte(), part.u32()];
    if (kind === SYMBOL_TABLE) {
      const known = new Map();
      return part.list(() => symbol(part, segments, known));
    }
    part.at += length;
  }
  throw new Error("the module has no table of symbols");
}

function symbol(part, segments, known) {
  const [kind, flags] = [part.byte(), part.u32()];
  if (kind === DATA_SYMBOL) {
    part.name();
    if (flags & UNDEFINED) {
      return undefined;
    }
    const [segment, offset, size] = [part.u32(), part.u32(), part.u32()];
    const at = segments[segment].at + offset;
    const key = `${at} ${size}`;
    known.set(key, known.get(key) ?? { at, size, points: [] });
    return known.get(key);
  }
  part.u32();
  // Functions, globals, events and tables have a name; a section has none.
  if (kind !== 3 && (!(flags & UNDEFINED) || flags & EXPLICIT_NAME)) {
    part.name();
  }
  return undefined;
}

function relocations(part) {
  if (!part) {
    return [];
  }
  part.u32();
  const all = part.list(() => {
    const [kind, offset, symbol] = [part.byte(), part.u32(), part.u32()];
    return { kind, offset, symbol, addend: WITH_ADDEND.has(kind) ? part.s32() : 0 };
  });
  return all.filter(({ kind }) => ADDRESS.has(kind));
}

function text(segments, { at, size }) {
  const segment = segments.find((one) => at >= one.at && at < one.at + one.bytes.length);
  return segment ? new TextDecoder("latin1").decode(segment.bytes.subarray(at - segment.at, at - segment.at + size)) : "";
}

function memoized(ask) {
  const answers = new Map();
  return (key) => {
    if (!answers.has(key)) {
      answers.set(key, ask(key));
    }
    return answers.get(key);
  };
}

/** Gives each symbol what the places within it point to; both lists are in the order of addresses. */
function addPointers(symbols, places, table) {
  let next = 0;
  for (const symbol of symbols) {
    while (next < places.length && places[next].at < symbol.at) {
      next++;
    }
    for (let at = next; at < places.length && places[at].at < symbol.at + symbol.size; at++) {
      const meant = table[places[at].symbol];
      if (meant) {
        symbol.points.push(meant);
      }
    }
  }
}
