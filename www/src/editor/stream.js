// Reads one line from left to right.

export class LineStream {
  constructor(string) {
    this.string = string;
    this.pos = 0;
  }

  sol() {
    return this.pos === 0;
  }

  eol() {
    return this.pos >= this.string.length;
  }

  peek() {
    return this.string[this.pos];
  }

  next() {
    const character = this.string[this.pos];
    this.pos += 1;
    return character;
  }

  /** Goes over what a sticky expression matches here; null when it does not match. */
  match(expression) {
    expression.lastIndex = this.pos;
    const found = expression.exec(this.string);
    this.pos += found ? found[0].length : 0;
    return found;
  }

  eatSpace() {
    return this.match(/\s+/y) !== null;
  }

  skipToEnd() {
    this.pos = this.string.length;
  }
}
