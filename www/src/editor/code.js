// Highlighting for the files of a build context: keywords, strings, comments. Four tones need no grammar.

const WORD = /[A-Za-z_$][\w$]*/y;

/**
 * A mode for a language that has `keywords`, line comments after `line`, block comments between the two of `block`,
 * strings between equal `quotes`, of which those in `long` may span lines.
 */
export function codeMode({ keywords = "", line = null, block = null, quotes = [], long = [] }) {
  const words = new Set(keywords.split(" "));
  const openers = [...long, ...quotes];

  function token(stream, state) {
    if (state.until) {
      return readUntil(stream, state);
    }
    if (stream.eol() || stream.eatSpace()) {
      return null;
    }
    const here = (text) => stream.string.startsWith(text, stream.pos);
    if (line && here(line) && (line !== "#" || /^$|\s/.test(stream.string.slice(0, stream.pos).slice(-1)))) {
      stream.skipToEnd();
      return "note";
    }
    if (block && here(block[0])) {
      stream.pos += block[0].length;
      Object.assign(state, { until: block[1], tone: "note" });
      return readUntil(stream, state);
    }
    const opener = openers.find(here);
    if (opener) {
      stream.pos += opener.length;
      Object.assign(state, { until: opener, tone: "str" });
      return readUntil(stream, state);
    }
    const word = stream.match(WORD);
    if (word) {
      return words.has(word[0]) ? "key" : "arg";
    }
    if (stream.match(/\d[\w.]*/y)) {
      return "str";
    }
    stream.next();
    return "arg";
  }

  function readUntil(stream, state) {
    const { until, tone } = state;
    for (; !stream.eol(); stream.pos += 1) {
      if (stream.string.startsWith(until, stream.pos)) {
        stream.pos += until.length;
        state.until = "";
        return tone;
      }
      if (tone === "str" && stream.peek() === "\\") {
        stream.pos += 1;
      }
    }
    stream.skipToEnd();
    const goesOn = tone === "note" || long.includes(until);
    state.until = goesOn ? until : "";
    return tone;
  }

  return { start: () => ({ until: "", tone: null }), copy: (state) => ({ ...state }), token };
}
