// The instructions of a function's body: as much as is needed to find every call, and to give functions new numbers.
import { Reader, join, u32 } from "./bytes.mjs";

const CALL = 0x10;
const CONSTANT = 0x41;
const WIDE_CONSTANT = 0x42;
const REF_FUNC = 0xd2;

/** The numbers of the functions that a body names. */
export function callees(body) {
  const found = new Set();
  walk(body, (index) => found.add(index));
  return found;
}

/**
 * The numbers in a body that may be addresses: its constants, and the offsets of its loads and stores. A wide constant may
 * hold one in each half: a text's address and its length are often written as one.
 */
export function addresses(body) {
  const found = new Set();
  walk(body, () => {}, (value) => found.add(value >>> 0));
  return found;
}

/** A body whose functions have the numbers that `number` gives. */
export function renumbered(body, number) {
  const parts = [];
  let copied = 0;
  walk(body, (index, start, end) => {
    parts.push(body.subarray(copied, start), u32(number(index)));
    copied = end;
  });
  return join([...parts, body.subarray(copied)]);
}

/** Calls `visit(index, start, end)` for each operand that is the number of a function, and `address` for possible ones. */
function walk(body, visit, address = () => {}) {
  const part = new Reader(body);
  part.list(() => [part.u32(), part.byte()]);
  while (!part.done) {
    const code = part.byte();
    if (code === CALL || code === REF_FUNC) {
      const start = part.at;
      visit(part.u32(), start, part.at);
    } else if (code === CONSTANT) {
      address(part.s32());
    } else if (code === WIDE_CONSTANT) {
      const value = part.s64();
      address(Number(BigInt.asUintN(32, value)));
      address(Number(BigInt.asUintN(32, value >> 32n)));
    } else if (code >= 0x28 && code <= 0x3e) {
      // Loads and stores: alignment (with a memory's number if bit 6 is set) and offset.
      if (part.u32() & 0x40) {
        part.u32();
      }
      address(part.u32());
    } else {
      operands(part, code);
    }
  }
}

/** Steps over the operands of an instruction. */
function operands(part, code) {
  if (code <= 0x01 || code === 0x05 || code === 0x0b || code === 0x0f || code === 0x1a || code === 0x1b || (code >= 0x45 && code <= 0xc4) || code === 0xd1) {
    return;
  }
  switch (code) {
    case 0x02: case 0x03: case 0x04: // Blocks: a type.
    case 0x0c: case 0x0d: // Branches: a label.
    case 0x20: case 0x21: case 0x22: case 0x23: case 0x24: case 0x25: case 0x26: // Locals, globals, tables: a number.
    case 0x3f: case 0x40: // The size of memory.
    case 0xd0: // A null of a type.
      part.leb();
      break;
    case 0x0e: part.list(() => part.u32()); part.u32(); break;
    case 0x11: part.u32(); part.u32(); break;
    case 0x1c: part.list(() => part.byte()); break;
    case 0x43: part.take(4); break;
    case 0x44: part.take(8); break;
    case 0xfc: extended(part); break;
    default: throw new Error(`an instruction that is not known: ${code.toString(16)}`);
  }
}

/** Conversions that saturate, and instructions on whole ranges of memory and tables. */
function extended(part) {
  const code = part.u32();
  const numbers = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1][code];
  if (numbers === undefined) {
    throw new Error(`an instruction that is not known: fc ${code}`);
  }
  for (let left = numbers; left > 0; left--) {
    part.u32();
  }
}
