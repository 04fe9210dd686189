// Reads and writes the integers, names and lists that a WebAssembly module is made of.

/** Reads from a range of bytes. */
export class Reader {
  constructor(bytes, at = 0, end = bytes.length) {
    Object.assign(this, { bytes, at, end });
  }

  get done() {
    return this.at >= this.end;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned LEB128 of at most 32 bits. */
  u32() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value >>> 0;
      }
    }
  }

  /** Steps over a LEB128 of any width. */
  leb() {
    while (this.byte() >= 0x80);
  }

  /** A signed LEB128 of at most 32 bits. */
  s32() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        return shift < 25 && byte & 0x40 ? value | (-1 << (shift + 7)) : value;
      }
    }
  }

  /** A signed LEB128 of at most 64 bits. */
  s64() {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return BigInt.asIntN(64, byte & 0x40 ? value | (-1n << (shift + 7n)) : value);
      }
    }
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  name() {
    return new TextDecoder().decode(this.take(this.u32()));
  }

  list(read) {
    return Array.from({ length: this.u32() }, (_, at) => read(at));
  }
}

/** The bytes of a 32-bit unsigned integer. */
export function u32(value) {
  const bytes = [];
  for (let rest = value >>> 0; ; rest >>>= 7) {
    if (rest < 0x80) {
      return [...bytes, rest];
    }
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** The bytes of an `i32.const` operand. */
export function s32(value) {
  const bytes = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const byte = rest & 0x7f;
    if (rest >> 6 === 0 || rest >> 6 === -1) {
      return [...bytes, byte];
    }
    bytes.push(byte | 0x80);
  }
}

/** The bytes of a name. */
export function name(text) {
  return sized([...new TextEncoder().encode(text)]);
}

/** Bytes with their number before them. */
export function sized(bytes) {
  return join([u32(bytes.length), bytes]);
}

/** A list of parts with their number before them. */
export function list(parts) {
  return join([u32(parts.length), ...parts]);
}

/** Parts one after the other. */
export function join(parts) {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
