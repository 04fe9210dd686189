// Splits a module: what the plan names leaves it for modules of their own, which are fetched when first called.
//
// A deferred function that the first part can reach leaves a stub behind, which has its part loaded and then calls
// through the table. A part takes what it needs of the parts before it as imports, and puts its functions into the
// table when it is instantiated.
import { join, s32, u32, list, Reader, sized } from "./bytes.mjs";
import { callees, renumbered } from "./code.mjs";
import { divideData } from "./data.mjs";
import { KIND, dataSections, limitBytes, limits, read, write } from "./module.mjs";
import { assign, wanted } from "./plan.mjs";

/** The import through which the first part has another one loaded: a function of the part's number. */
const LOADER = "parts";
/** What the other parts take their imports from. */
const EARLIER = "earlier";
/** By this path a plan sorts the places in the source that panics tell. */
const LOCATION = "core::panic::Location";
const I32 = 0x7f;

/**
 * Gives the modules: the first one, then one for each part of the plan. `identify(others)` makes, of the bytes of the
 * other parts, the name of the first part's import, so that the loader of another build does not fit it. With `linked`,
 * what `readSymbols` gave, data is divided too.
 */
export function split(bytes, plan, identify, linked) {
  const module = read(bytes);
  if (module.raw.start) {
    throw new Error("a start function is not provided for");
  }
  const cut = divide(module, plan);
  cut.data = linked ? divideData(module, bodiesOfParts(cut, plan.parts.length), linked, wanted(plan, LOCATION) ?? 0) : [];
  const others = plan.parts.map((_, at) => write(otherPart(cut, at + 1)));
  return [write(firstPart(cut, identify(others))), ...others];
}

/** The bodies of the functions of each part. */
function bodiesOfParts({ module, imported, part }, others) {
  const bodies = Array.from({ length: others + 1 }, () => []);
  part.forEach((own, index) => bodies[own].push(module.bodies[index - imported]));
  return bodies;
}

/** Assigns the functions, and finds what is called across the borders. */
export function divide(module, plan) {
  const imported = module.imports.filter(({ kind }) => kind === KIND.function).length;
  const calls = module.bodies.map((body) => [...callees(body)].filter((index) => index >= imported));
  const begins = module.bodies.map((body, at) => wanted(plan, module.names.get(at + imported) ?? "", body.length) || undefined);
  const slots = tableSlots(module);
  const exported = module.exports.filter(({ kind }) => kind === KIND.function).map(({ index }) => index);
  const functions = module.bodies.map((_, at) => at + imported);
  const roots = [...exported, ...slots.keys()].filter((index) => index >= imported);
  const part = assign({
    functions, roots, parts: plan.parts.length,
    begins: (index) => begins[index - imported], callees: (index) => calls[index - imported],
  });
  const cut = { module, imported, part, slots, partOf: (index) => (index < imported ? 0 : part.get(index)), stubs: [], shared: new Set() };
  addBorders(cut, functions, calls, roots);
  return cut;
}

/** The places of the first table that hold a function. */
function tableSlots({ elements }) {
  const slots = new Map();
  for (const { offset, functions } of elements) {
    functions.forEach((index, at) => slots.set(index, [...(slots.get(index) ?? []), offset + at]));
  }
  return slots;
}

/** Finds the functions that need a stub, with a place in the table for each, and those that a later part imports. */
function addBorders(cut, functions, calls, roots) {
  const { module, imported, partOf, slots, shared } = cut;
  const stubs = new Set(roots.filter((index) => partOf(index) > 0));
  for (const index of functions.filter((one) => partOf(one) !== undefined)) {
    const named = new Set([...calls[index - imported], ...[...callees(module.bodies[index - imported])].filter((callee) => callee < imported)]);
    for (const callee of named) {
      if (partOf(callee) > partOf(index)) {
        stubs.add(callee);
      }
      if (partOf(callee) !== partOf(index) && partOf(index) > 0) {
        shared.add(callee);
      }
    }
  }
  cut.stubs = [...stubs].sort((one, other) => one - other);
  const table = new Reader(module.raw.table);
  const tables = table.u32();
  const type = table.byte();
  const size = limits(table);
  let next = size.least;
  for (const index of cut.stubs.filter((one) => !slots.has(one))) {
    slots.set(index, [next++]);
  }
  const most = size.most === undefined ? undefined : size.most + next - size.least;
  cut.table = join([u32(tables), [type], limitBytes({ ...size, least: next, most }), module.raw.table.subarray(table.at)]);
  cut.tables = tables;
}

/** The name under which a part exports a function for the parts after it. */
const shortName = (index) => index.toString(36);

function firstPart(cut, identity) {
  const { module, imported, partOf, stubs, slots, shared } = cut;
  const types = [...module.types];
  const typeOf = (params) => types.push(functionType(params)) - 1;
  const [load, nothing] = [typeOf([I32]), typeOf([])];
  const kept = module.bodies.map((_, at) => at + imported).filter((index) => partOf(index) === 0).sort(alike(module, imported));
  const numbers = new Map(Array.from({ length: imported }, (_, index) => [index, index]));
  [...kept, ...stubs].forEach((index, at) => numbers.set(index, imported + 1 + at));
  const loaders = [...new Set(stubs.map(partOf))].sort();
  const firstLoader = imported + 1 + kept.length + stubs.length;
  const loaderOf = (part) => firstLoader + loaders.indexOf(part);
  const { globals, count } = globalsOf(module);
  const number = (index) => numbers.get(index);
  const typeAt = (index) => module.functions[index - imported];
  const exportsForOthers = [...shared].filter((index) => numbers.has(index))
    .map((index) => ({ name: shortName(index), kind: KIND.function, index: number(index) }));
  return {
    ...module,
    types,
    imports: [...module.imports, { from: LOADER, as: identity, kind: KIND.function, type: u32(load) }],
    functions: [...kept.map(typeAt), ...stubs.map(typeAt), ...loaders.map(() => nothing)],
    exports: [
      ...module.exports.map((entry) => (entry.kind === KIND.function ? { ...entry, index: number(entry.index) } : entry)),
      ...borders(module, cut.tables, count).map(({ as, kind, index }) => ({ name: as, kind, index })),
      ...exportsForOthers,
    ],
    elements: module.elements.map((entry) => ({ ...entry, functions: entry.functions.map(number) })),
    bodies: [
      ...kept.map((index) => renumbered(module.bodies[index - imported], number)),
      ...stubs.map((index) => stub(types[typeAt(index)], typeAt(index), slots.get(index)[0], loaderOf(partOf(index)))),
      ...loaders.map((part, at) => loader(count + at, part, imported)),
    ],
    raw: { ...module.raw, ...dataOf(cut, 0), table: cut.table, global: join([u32(count + loaders.length), globals, ...loaders.map(() => [I32, 1, 0x41, 0, 0x0b])]) },
  };
}

/** Puts functions of one type and about one length beside each other: what is alike packs better. */
function alike({ functions, bodies }, imported) {
  const length = (index) => bodies[index - imported].length;
  return (one, other) => functions[one - imported] - functions[other - imported] || length(one) - length(other) || one - other;
}

function functionType(params) {
  return { params, results: [], bytes: join([[0x60], list(params.map((param) => [param])), [0]]) };
}

/** The globals of a module as bytes, and how many there are. */
function globalsOf({ raw }) {
  const reader = new Reader(raw.global ?? [0]);
  const count = reader.u32();
  return { count, globals: (raw.global ?? new Uint8Array(1)).subarray(reader.at) };
}

/** The types of the globals: a value's type, and whether it may change. */
function globalTypes({ raw }) {
  const reader = new Reader(raw.global ?? [0]);
  return reader.list(() => {
    const type = [...reader.take(2)];
    if (reader.byte() !== 0x41) {
      throw new Error("a global that is no 32-bit integer");
    }
    reader.leb();
    reader.byte();
    return type;
  });
}

/** What every part shares: memory, tables and globals, by the names of their exports. */
function borders(module, tables, globals) {
  const numbered = (kind, letter, count) => Array.from({ length: count }, (_, index) => ({ as: `${letter}${index}`, kind, index }));
  return [...numbered(KIND.memory, "m:", 1), ...numbered(KIND.table, "t:", tables), ...numbered(KIND.global, "g:", globals)];
}

/** `body(…) { loader(); table[slot](…) }` */
function stub({ params }, type, slot, loader) {
  const pass = params.map((_, at) => join([[0x20], u32(at)]));
  return join([[0], [0x10], u32(loader), ...pass, [0x41], s32(slot), [0x11], u32(type), [0], [0x0b]]);
}

/** `if (!loaded) { load(part); loaded = 1 }` */
function loader(loaded, part, load) {
  const flag = u32(loaded);
  return join([[0], [0x02, 0x40, 0x23], flag, [0x0d, 0, 0x41], s32(part), [0x10], u32(load), [0x41, 1, 0x24], flag, [0x0b, 0x0b]]);
}

function otherPart(cut, own) {
  const { module, imported, part, partOf, stubs, slots, shared } = cut;
  const members = [...part.keys()].filter((index) => part.get(index) === own).sort(alike(module, imported));
  const inPart = new Set(members);
  const outside = [...new Set(members.flatMap((index) => [...callees(module.bodies[index - imported])]))]
    .filter((index) => !inPart.has(index)).sort((one, other) => one - other);
  const numbers = new Map([...outside, ...members].map((index, at) => [index, at]));
  const types = globalTypes(module);
  const described = { [KIND.memory]: () => memoryType(module), [KIND.table]: (at) => tableType(cut.table, at), [KIND.global]: (at) => types[at] };
  const common = borders(module, cut.tables, types.length)
    .map(({ as, kind, index }) => ({ from: EARLIER, as, kind, type: described[kind](index) }));
  const taken = outside.map((index) => ({ from: EARLIER, as: shortName(index), kind: KIND.function, type: u32(typeOf(cut, index)) }));
  const placed = stubs.filter((index) => partOf(index) === own)
    .flatMap((index) => slots.get(index).map((offset) => ({ offset, functions: [numbers.get(index)] })))
    .sort((one, other) => one.offset - other.offset);
  return {
    types: module.types,
    imports: [...common, ...taken],
    functions: members.map((index) => module.functions[index - imported]),
    exports: members.filter((index) => shared.has(index))
      .map((index) => ({ name: shortName(index), kind: KIND.function, index: numbers.get(index) })),
    elements: merged(placed),
    bodies: members.map((index) => renumbered(module.bodies[index - imported], (callee) => numbers.get(callee))),
    raw: dataOf(cut, own),
  };
}

function dataOf({ data }, part) {
  return data[part]?.length > 0 ? dataSections(data[part]) : {};
}

function typeOf({ module, imported }, index) {
  if (index >= imported) {
    return module.functions[index - imported];
  }
  const { type } = module.imports.filter(({ kind }) => kind === KIND.function)[index];
  return new Reader(type).u32();
}

function memoryType({ raw }) {
  const reader = new Reader(raw.memory);
  reader.u32();
  // The least that is asked for, since the memory may have grown.
  return Uint8Array.from(limitBytes(limits(reader)));
}

function tableType(section, at) {
  const reader = new Reader(section);
  const all = reader.list(() => {
    const start = reader.at;
    reader.byte();
    limits(reader);
    return section.subarray(start, reader.at);
  });
  return all[at];
}

/** Joins elements at neighbouring places. */
function merged(elements) {
  const joined = [];
  for (const { offset, functions } of elements) {
    const last = joined.at(-1);
    if (last && last.offset + last.functions.length === offset) {
      last.functions.push(...functions);
    } else {
      joined.push({ offset, functions: [...functions] });
    }
  }
  return joined;
}
