// The languages of the files that a build context usually holds.

import { codeMode } from "./code.js";
import { dockerfile } from "./dockerfile.js";
import { highlight } from "./highlight.js";

const SLASHES = { line: "//", block: ["/*", "*/"] };

const MODES = {
  dockerfile,
  javascript: codeMode({
    ...SLASHES,
    keywords: "async await break case catch class const continue default delete do else export extends false finally for "
      + "from function if import in instanceof interface let new null of return static super switch this throw true try "
      + "type typeof undefined var void while yield",
    quotes: ['"', "'"],
    long: ["`"],
  }),
  json: codeMode({ keywords: "true false null", quotes: ['"'] }),
  python: codeMode({
    line: "#",
    keywords: "False None True and as assert async await break class continue def del elif else except finally for from "
      + "global if import in is lambda nonlocal not or pass raise return try while with yield",
    quotes: ['"', "'"],
    long: ['"""', "'''"],
  }),
  go: codeMode({
    ...SLASHES,
    keywords: "break case chan const continue default defer else fallthrough false for func go goto if import interface map "
      + "nil package range return select struct switch true type var",
    quotes: ['"', "'"],
    long: ["`"],
  }),
  shell: codeMode({
    line: "#",
    keywords: "case do done elif else esac exit export fi for function if in local return set then until while",
    long: ['"', "'"],
  }),
  // YAML, TOML, .ini and ignore files: comments and strings.
  config: codeMode({ line: "#", keywords: "true false null", quotes: ['"', "'"] }),
};

/** The extension for a language; nothing for plain text and names that are not known. */
export function languageOf(name) {
  return Object.hasOwn(MODES, name) ? highlight(MODES[name]) : [];
}
