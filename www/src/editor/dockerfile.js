// Dockerfile highlighting in four tones: keyword, argument, string, comment.

import { DIRECTIVE, HEREDOC, HEREDOC_INSTRUCTIONS, INSTRUCTIONS, heredocFrom } from "./words.js";

/**
 * `instruction` is the keyword in whose arguments the reader is; `onbuild` tells that another keyword follows;
 * `flags` that only flags came so far; `quote` is an open quote; `opened` are heredocs that begin on the next line,
 * `bodies` those that are being read.
 */
function start() {
  return {
    escape: "\\",
    directives: true,
    instruction: null,
    onbuild: false,
    flags: false,
    quote: "",
    continued: false,
    opened: [],
    bodies: [],
  };
}

function token(stream, state) {
  if (stream.sol() && stream.eol()) {
    emptyLine(state);
    return null;
  }
  if (stream.sol()) {
    const whole = wholeLine(stream, state);
    if (whole) {
      return whole;
    }
  }
  const style = stream.eatSpace() ? null : word(stream, state);
  if (stream.eol()) {
    endLine(stream, state);
  }
  return style;
}

/** An empty line ends nothing: neither a continued instruction nor a heredoc, unless that was its last line. */
function emptyLine(state) {
  if (state.bodies[0]?.endsAt("")) {
    state.bodies.shift();
  }
}

/** Lines that have one tone: comments, directives and heredocs. */
function wholeLine(stream, state) {
  const line = stream.string;
  if (state.bodies.length > 0) {
    const ends = state.bodies[0].endsAt(line);
    if (ends) {
      state.bodies.shift();
    }
    stream.skipToEnd();
    return ends ? "key" : "str";
  }
  if (!state.continued) {
    state.instruction = null;
    state.quote = "";
  }
  if (/^\s*#/.test(line)) {
    const directive = state.directives && DIRECTIVE.exec(line);
    if (directive && directive[1].toLowerCase() === "escape" && directive[2].trim() === "`") {
      state.escape = "`";
    }
    state.directives &&= Boolean(directive);
    stream.skipToEnd();
    return "note";
  }
  state.directives = false;
  return null;
}

function word(stream, state) {
  if (isContinuation(stream, state)) {
    stream.skipToEnd();
    return "note";
  }
  if (state.quote) {
    return quoted(stream, state);
  }
  if (state.instruction === null || state.onbuild) {
    return keyword(stream, state);
  }
  if (stream.match(/\$(\w+|\{[^}]*\}?|[?@*#$!-])/y)) {
    return "str";
  }
  if (HEREDOC_INSTRUCTIONS.has(state.instruction) && !stream.string.startsWith("<<<", stream.pos)) {
    const heredoc = stream.match(new RegExp(HEREDOC.source, "y"));
    if (heredoc) {
      state.opened.push(heredocFrom(heredoc));
      return "key";
    }
  }
  return argument(stream, state);
}

function keyword(stream, state) {
  const name = stream.match(/\S+/y)[0];
  const known = Object.hasOwn(INSTRUCTIONS, name.toUpperCase());
  state.instruction = name.toUpperCase();
  state.onbuild = state.instruction === "ONBUILD";
  state.flags = true;
  return known ? "key" : "arg";
}

function argument(stream, state) {
  if (state.flags && stream.match(/--[a-z-]+(?=[=\s]|$)/y)) {
    return "arg";
  }
  const next = stream.peek();
  if (next === '"' || next === "'") {
    stream.next();
    state.quote = next;
    return quoted(stream, state);
  }
  const atWord = /\s/.test(stream.string[stream.pos - 1] ?? " ");
  state.flags &&= !atWord;
  if (atWord && state.instruction === "FROM" && stream.match(/as(?=\s|$)/iy)) {
    return "key";
  }
  // Up to the next character that may begin something else.
  stream.next();
  stream.match(/[^\s"'$<\\`]+/y);
  return "arg";
}

/** The rest of a quoted string on this line; variables inside keep the string's tone. */
function quoted(stream, state) {
  while (!stream.eol()) {
    if (isContinuation(stream, state)) {
      return "str";
    }
    const next = stream.next();
    if (next === state.quote) {
      state.quote = "";
      return "str";
    }
    if (next === state.escape && state.quote === '"') {
      stream.next();
    }
  }
  return "str";
}

/** Only the escape character and blanks are left on the line. */
function isContinuation(stream, state) {
  return stream.peek() === state.escape && stream.string.slice(stream.pos + 1).trim() === "";
}

function endLine(stream, state) {
  state.continued = stream.string.trimEnd().endsWith(state.escape);
  if (!state.continued) {
    state.bodies = state.opened;
    state.opened = [];
  }
}

/** The mode for Dockerfiles. */
export const dockerfile = {
  start,
  copy: (state) => ({ ...state, opened: [...state.opened], bodies: [...state.bodies] }),
  token,
};
