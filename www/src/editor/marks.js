// What stands beside and behind the lines: a mark of the state in the gutter, and the lines of the selected instruction.

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, ViewPlugin, gutter } from "@codemirror/view";

// 16 × 16, the same shapes as in the rows: the state is told by the shape, not by its colour.
const SHAPES = {
  hit: ["M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0", "m5.3 8.2 1.9 1.9 3.6-4"],
  miss: ["M8 1.6 14.4 8 8 14.4 1.6 8Z", "m6.2 6.2 3.6 3.6m0-3.6L6.2 9.8"],
  follows: ["M3.5 2.5v5A2.5 2.5 0 0 0 6 10h6", "m9.5 7 3 3-3 3"],
  meta: ["M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0", "M6 8h4"],
  failed: ["M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3Z", "M8 4.8v4m0 2.3v.1"],
};
const SVG = "http://www.w3.org/2000/svg";

class Mark extends GutterMarker {
  constructor(state, label) {
    super();
    this.state = state;
    this.label = label;
  }

  eq(other) {
    return this.state === other.state && this.label === other.label;
  }

  toDOM() {
    const [outline, inner] = SHAPES[this.state];
    const svg = element("svg", {
      viewBox: "0 0 16 16", fill: "none", stroke: "currentColor", "stroke-width": "1.6",
      "stroke-linecap": "round", "stroke-linejoin": "round",
      role: "img", "aria-label": this.label, class: `cm-labMark cm-labMark-${this.state}`,
    });
    const solid = this.state === "miss" || this.state === "failed";
    const dashed = this.state === "meta";
    svg.append(
      element("path", { d: outline, ...(solid && { fill: "currentColor" }), ...(dashed && { "stroke-dasharray": "2.2 2.1" }) }),
      element("path", { d: inner, ...(solid && { stroke: "var(--paper)" }) }),
    );
    const title = element("title", {});
    title.textContent = this.label;
    svg.prepend(title);
    return svg;
  }
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

const setMarks = StateEffect.define();
const setActive = StateEffect.define();

const markField = StateField.define({
  create: () => RangeSet.empty,
  update(marks, transaction) {
    const told = transaction.effects.find((effect) => effect.is(setMarks));
    return told ? told.value : marks.map(transaction.changes);
  },
});

const activeField = StateField.define({
  create: () => Decoration.none,
  update(lines, transaction) {
    const told = transaction.effects.find((effect) => effect.is(setActive));
    return told ? told.value : lines.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const activeLine = Decoration.line({ class: "cm-labActive" });

/** The gutter with the marks. */
export function marks() {
  return [markField, gutter({ class: "cm-labMarks", markers: (view) => view.state.field(markField) })];
}

/** Shows the marks to screen readers too: CodeMirror hides all gutters. Has to come after every gutter. */
export const spokenMarks = ViewPlugin.fromClass(class {
  constructor(view) {
    view.dom.querySelector(".cm-gutters")?.removeAttribute("aria-hidden");
    view.dom.querySelector(".cm-lineNumbers")?.setAttribute("aria-hidden", "true");
  }
});

/** The highlight of the selected instruction. */
export function activeLines() {
  return activeField;
}

/** The change that shows other marks; null when they are there. */
export function marksChange(state, list) {
  const lines = state.doc.lines;
  const ranges = list
    .filter(({ line, state: kind }) => line >= 1 && line <= lines && Object.hasOwn(SHAPES, kind))
    .map(({ line, state: kind, label }) => new Mark(kind, label ?? kind).range(state.doc.line(line).from));
  return unless(state.field(markField), RangeSet.of(ranges, true), setMarks);
}

/** The change that highlights other lines; null when they are highlighted. */
export function activeLinesChange(state, from, to) {
  const ranges = [];
  for (let line = Math.max(from, 1); from > 0 && line <= Math.min(to, state.doc.lines); line += 1) {
    ranges.push(activeLine.range(state.doc.line(line).from));
  }
  return unless(state.field(activeField), Decoration.set(ranges), setActive);
}

function unless(known, ranges, effect) {
  return RangeSet.eq([known], [ranges]) ? null : effect.of(ranges);
}
