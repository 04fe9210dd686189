// What may come next in a Dockerfile: instructions, flags, mounts, stages, images, paths and variables.

import { knownNames } from "./known.js";
import { instructionAt, instructionsOf } from "./scan.js";
import { FLAG_VALUES, INSTRUCTIONS, MOUNTS, PLATFORM_ARGS, SHARING } from "./words.js";

/** A completion source for CodeMirror. */
export function completeDockerfile(context) {
  const { state, pos } = context;
  const line = state.doc.lineAt(pos);
  const instructions = instructionsOf(state.doc);
  const here = instructionAt(instructions, line.number);
  if (here && line.number >= here.body) {
    return null;
  }
  const variable = context.matchBefore(/\$\{?\w*/);
  if (variable && here) {
    const start = variable.from + (variable.text[1] === "{" ? 2 : 1);
    return options(start, variablesOf(instructions, here), "variable");
  }
  if (/^\s*#/.test(line.text)) {
    return null;
  }
  const before = state.sliceDoc(here ? state.doc.line(here.from).from : line.from, pos);
  const word = /\S*$/.exec(before)[0];
  const typed = { context, word, start: pos - word.length };
  if (isKeywordPlace(before)) {
    return keywordOptions(typed, before);
  }
  if (!here) {
    return null;
  }
  return word.startsWith("--") ? flagOptions(typed, here, instructions) : argumentOptions(typed, before, here, instructions);
}

/** An instruction whose arguments are nothing that is known here, with one of them begun on the same line. */
const OWN_WORDS = /^\s*(?:arg|cmd|entrypoint|env|expose|healthcheck|label|maintainer|run|shell|stopsignal|user|volume|workdir)\s+\S/i;

/** A flag or a variable that ends here. */
const FLAG_OR_VARIABLE = /(?:^|\s)-\S*$|\$\{?\w*$/;

/** Whether `completeDockerfile` may have something for this place, told from its line alone. */
export function mayComplete(state, pos) {
  const { text, from } = state.doc.lineAt(pos);
  const before = text.slice(0, pos - from);
  return !OWN_WORDS.test(before) || FLAG_OR_VARIABLE.test(before);
}

function isKeywordPlace(before) {
  return /^\s*(onbuild\s+)?\S*$/i.test(before);
}

function keywordOptions({ context, word, start }, before) {
  if (word === "" && !context.explicit) {
    return null;
  }
  // Whoever types in small letters gets small letters.
  const small = word !== "" && word === word.toLowerCase();
  const taken = /^\s*onbuild\s/i.test(before) ? ["FROM", "MAINTAINER", "ONBUILD"] : [];
  const names = Object.keys(INSTRUCTIONS).filter((name) => !taken.includes(name));
  return options(start, names.map((name) => `${small ? name.toLowerCase() : name} `), "keyword");
}

function flagOptions({ word, start }, here, instructions) {
  const [, flag, value] = /^(--[\w-]*)=(.*)$/.exec(word) ?? [];
  const keyword = carrierOf(here);
  if (flag === undefined) {
    return options(start, INSTRUCTIONS[keyword] ?? [], "property");
  }
  const from = start + word.length - value.length;
  if (flag === "--mount") {
    return mountOptions(from, value, here, instructions);
  }
  if (flag === "--from") {
    return options(from, stagesBefore(instructions, here), "class");
  }
  return options(from, FLAG_VALUES[flag] ?? [], "enum");
}

function mountOptions(from, value, here, instructions) {
  const fields = value.split(",");
  const last = fields.at(-1);
  const start = from + value.length - last.length;
  const kind = /(?:^|,)type=(\w+)/.exec(value)?.[1] ?? "bind";
  const [key, typed] = last.includes("=") ? [last.slice(0, last.indexOf("=")), last.slice(last.indexOf("=") + 1)] : [];
  if (key === undefined) {
    const given = fields.slice(0, -1).map((field) => field.split("=")[0]);
    const keys = [...(given.includes("type") ? [] : ["type="]), ...(MOUNTS[kind] ?? [])];
    return options(start, keys.filter((name) => !given.includes(name.replace("=", ""))), "property");
  }
  const values = { type: Object.keys(MOUNTS), sharing: SHARING, from: stagesBefore(instructions, here) }[key] ?? [];
  return options(start + last.length - typed.length, values, "enum");
}

function argumentOptions({ context, word, start }, before, here, instructions) {
  const known = context.state.facet(knownNames);
  const keyword = carrierOf(here);
  if (word === "" && !context.explicit && keyword !== "FROM") {
    return null;
  }
  if (keyword === "FROM") {
    const words = before.trim().split(/\s+/).filter((part) => !part.startsWith("--"));
    const position = words.length + (word === "" ? 1 : 0);
    if (position === 2) {
      return options(start, [...stagesBefore(instructions, here), ...known.images], "class");
    }
    return position === 3 ? options(start, ["AS "], "keyword") : null;
  }
  const takesPaths = (keyword === "COPY" || keyword === "ADD") && !/\s--from=/.test(before);
  return takesPaths ? options(start, known.paths, "text") : null;
}

/** The instruction that a line is about: the second word of an ONBUILD. */
function carrierOf(here) {
  return here.keyword === "ONBUILD" ? here.text.trim().toUpperCase().split(/\s+/)[1] ?? "" : here.keyword;
}

function stagesBefore(instructions, here) {
  const names = instructions
    .filter(({ keyword, from }) => keyword === "FROM" && from < here.from)
    .map(({ text }) => /\sas\s+(\S+)\s*$/i.exec(text)?.[1]);
  return names.filter((name) => name !== undefined);
}

/** The variables that an instruction sees: those of its stage, or the global ones in FROM. */
function variablesOf(instructions, here) {
  const above = instructions.filter(({ from }) => from < here.from);
  const first = above.findIndex(({ keyword }) => keyword === "FROM");
  if (here.keyword === "FROM") {
    const global = above.slice(0, first === -1 ? above.length : first);
    return [...declared(global), ...PLATFORM_ARGS];
  }
  const stage = above.findLastIndex(({ keyword }) => keyword === "FROM");
  return declared(above.slice(stage + 1));
}

function declared(instructions) {
  const names = new Set();
  for (const { keyword, text } of instructions) {
    const rest = text.trim().replace(/^\S+\s*/, "");
    if (keyword === "ARG" || (keyword === "ENV" && /^\w+=/.test(rest))) {
      for (const [, name] of rest.matchAll(/(?:^|\s)(\w+)(?==|\s|$)/g)) {
        names.add(name);
      }
    } else if (keyword === "ENV") {
      names.add(rest.split(/\s/)[0]);
    }
  }
  return [...names];
}

function options(from, labels, type) {
  return { from, options: labels.map((label) => ({ label, type })), validFor: /^[\w$./:@-]*$/ };
}
