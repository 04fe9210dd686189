// Sorts the data of a module into its parts: what only deferred functions can reach goes where they go.
import { addresses } from "./code.mjs";
import { dataSegments } from "./module.mjs";

/** So far beside a symbol an address still counts as one of it. */
const MARGIN = 16;
/** The owner of padding. */
const NOBODY = 255;
/** Fewer bytes than that are not worth a segment of their own. */
const LEAST = 16;

/**
 * The segments of each part. `parts` holds the bodies of the functions of each part, `linked` what `readSymbols` gave,
 * `locations` the part that reads places in the source: code that may panic passes them on only.
 *
 * A symbol goes to the first part whose functions have an address of it, or of something that points to it. What nobody
 * seems to have an address of stays in the first part.
 */
export function divideData(module, parts, linked, locations) {
  const segments = dataSegments(module);
  check(segments, linked);
  const part = new Map();
  const open = [];
  const reach = (symbol, by) => {
    if (by < (part.get(symbol) ?? Infinity)) {
      part.set(symbol, by);
      open.push(symbol);
    }
  };
  parts.forEach((bodies, by) => bodies.forEach((body) =>
    addresses(body).forEach((address) => meant(linked, address).forEach((symbol) =>
      reach(symbol, symbol.isLocation ? Math.max(by, locations) : by)))));
  follow(open, part, reach);
  linked.symbols.filter((symbol) => !part.has(symbol)).forEach((symbol) => reach(symbol, 0));
  follow(open, part, reach);
  return cut(segments, linked.symbols, part, parts.length);
}

/** The data has to be what was linked, or the symbols say nothing about it. */
function check(segments, { byteAt }) {
  for (const { at, bytes } of segments) {
    if (!bytes.every((byte, place) => byteAt(at + place) === byte)) {
      throw new Error("the module's data is not that of the linked module: build it anew");
    }
  }
}

/** The symbols that an address may mean. */
function meant({ symbols, values }, address) {
  if (address >= NO_CHARACTER && address < NO_CHARACTER + 4 && !values.has(address)) {
    return [];
  }
  const found = values.get(address) ?? [];
  // The last symbol that begins in reach, then backwards: symbols may share bytes.
  let low = 0;
  for (let high = symbols.length; low < high;) {
    const middle = (low + high) >> 1;
    [low, high] = symbols[middle].at <= address + MARGIN ? [middle + 1, high] : [low, middle];
  }
  const near = [];
  for (let at = low - 1; at >= 0 && symbols[at].at >= address - LONGEST; at--) {
    if (address <= symbols[at].at + symbols[at].size + MARGIN) {
      near.push(symbols[at]);
    }
  }
  return [...found, ...near];
}

/** Numbers that are no character say "none" and the like in code; they look like addresses of its second megabyte. */
const NO_CHARACTER = 0x110000;
/** No symbol is longer. */
const LONGEST = 1 << 16;

function follow(open, part, reach) {
  while (open.length > 0) {
    const symbol = open.pop();
    symbol.points.forEach((other) => reach(other, part.get(symbol)));
  }
}

/** Cuts the segments. A byte that several symbols share goes to the first of their parts. */
function cut(segments, symbols, part, count) {
  const divided = Array.from({ length: count }, () => []);
  for (const { at, bytes } of segments) {
    const owner = new Uint8Array(bytes.length).fill(NOBODY);
    for (const symbol of symbols) {
      for (let place = Math.max(symbol.at - at, 0); place < Math.min(symbol.at + symbol.size - at, bytes.length); place++) {
        owner[place] = Math.min(owner[place], part.get(symbol));
      }
    }
    for (const run of runs(owner)) {
      divided[run.owner].push({ at: at + run.from, bytes: bytes.subarray(run.from, run.to) });
    }
  }
  return divided;
}

/** Neighbouring bytes with one owner. Padding goes with what is before it; a short run stays in the first part. */
function runs(owner) {
  const found = [];
  for (const { owner: of, from, to } of equalRuns(owner)) {
    const short = to - from < LEAST;
    const kept = of === NOBODY ? (short && found.at(-1)?.owner) || 0 : of;
    if (found.at(-1)?.owner === kept) {
      found.at(-1).to = to;
    } else {
      found.push({ owner: kept, from, to });
    }
  }
  const joined = [];
  for (const run of found) {
    const kept = run.to - run.from < LEAST ? 0 : run.owner;
    if (joined.at(-1)?.owner === kept) {
      joined.at(-1).to = run.to;
    } else {
      joined.push({ ...run, owner: kept });
    }
  }
  return joined;
}

function equalRuns(owner) {
  const found = [];
  for (let from = 0, to = 0; from < owner.length; from = to) {
    while (to < owner.length && owner[to] === owner[from]) {
      to++;
    }
    found.push({ owner: owner[from], from, to });
  }
  return found;
}
