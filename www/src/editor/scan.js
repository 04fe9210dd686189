// Finds the instructions of a Dockerfile: which lines belong together. Lines count from 1.
//
// The engine's parser is the authority on meaning; this is the little that typing needs before the engine answers:
// completion and moving a whole instruction.

import { DIRECTIVE, HEREDOC_INSTRUCTIONS, heredocsOf } from "./words.js";

/**
 * The instructions in order: `{ from, to, keyword, text, body }`, where `keyword` is in capitals, `text` is the
 * instruction without continuation marks and comments, and `body` is the first line of its heredocs (or past its end).
 */
export function instructionsOf(doc) {
  const found = [];
  const escape = escapeOf(doc);
  for (let number = 1; number <= doc.lines; number += 1) {
    const text = doc.line(number).text;
    if (text.trim() === "" || text.trimStart().startsWith("#")) {
      continue;
    }
    const instruction = read(doc, number, escape);
    found.push(instruction);
    number = instruction.to;
  }
  return found;
}

/** The instruction that holds a line, if any. */
export function instructionAt(instructions, line) {
  return instructions.find(({ from, to }) => from <= line && line <= to) ?? null;
}

/** The character that continues a line: a backslash, or what the `escape` directive names. */
export function escapeOf(doc) {
  for (let number = 1; number <= doc.lines; number += 1) {
    const directive = DIRECTIVE.exec(doc.line(number).text);
    if (!directive) {
      break;
    }
    if (directive[1].toLowerCase() === "escape" && directive[2].trim() === "`") {
      return "`";
    }
  }
  return "\\";
}

function read(doc, from, escape) {
  const parts = [];
  let to = from;
  for (;;) {
    const line = doc.line(to).text;
    const continued = line.trimEnd().endsWith(escape);
    const note = to > from && line.trimStart().startsWith("#");
    if (!note) {
      parts.push(continued ? line.trimEnd().slice(0, -1) : line);
    }
    const empty = to > from && line.trim() === "";
    if (to === doc.lines || !(continued || note || empty)) {
      break;
    }
    to += 1;
  }
  const text = parts.join(" ");
  const words = text.trim().toUpperCase().split(/\s+/);
  const keyword = words[0];
  const body = to + 1;
  const carrier = keyword === "ONBUILD" ? words[1] : keyword;
  if (HEREDOC_INSTRUCTIONS.has(carrier)) {
    to = endOfHeredocs(doc, to, heredocsOf(text));
  }
  return { from, to, keyword, text, body };
}

function endOfHeredocs(doc, last, heredocs) {
  let line = last;
  for (const heredoc of heredocs) {
    do {
      line += 1;
    } while (line <= doc.lines && !heredoc.endsAt(doc.line(line).text));
  }
  return Math.min(line, doc.lines);
}
