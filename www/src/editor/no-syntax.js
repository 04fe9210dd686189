// Stands in for the syntax tree packages of CodeMirror, which a Dockerfile editor of this size does not need: its
// highlighting is by line (highlight.js). build.mjs puts this module in their place; it saves an eighth of the bundle.
//
// What CodeMirror's commands really use of them is here; what only syntax trees could answer fails loudly.

import { Facet } from "@codemirror/state";

export const indentUnit = Facet.define({ combine: (values) => values[0] ?? "  " });
export const getIndentUnit = (state) => state.facet(indentUnit).length;
export const indentString = (_state, columns) => " ".repeat(columns);

function noTree() {
  throw new Error("this editor has no syntax tree");
}

export const syntaxTree = noTree;
export const getIndentation = noTree;
export const matchBrackets = noTree;
export const IndentContext = noTree;
export const NodeProp = {};
