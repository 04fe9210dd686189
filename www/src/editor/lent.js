// What the editor lends to completion.js, which is a bundle of its own (see build.mjs): CodeMirror is there once only.

export {
  Annotation, CharCategory, EditorSelection, EditorState, Facet, MapMode, Prec, RangeSet, RangeValue, StateEffect, StateField, Text,
  Transaction, codePointAt, codePointSize, combineConfig, fromCodePoint,
} from "@codemirror/state";
export {
  Decoration, Direction, EditorView, ViewPlugin, WidgetType, getTooltip, keymap, logException, showTooltip,
} from "@codemirror/view";
export { knownNames } from "./known.js";
