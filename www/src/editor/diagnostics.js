// Diagnostics: underlines with a tooltip, and buttons for the fixes.

import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, hoverTooltip } from "@codemirror/view";

const SEVERITIES = ["error", "warning", "info", "hint"];
const replace = StateEffect.define();

const field = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    const told = transaction.effects.find((effect) => effect.is(replace));
    return told ? told.value : marks.map(transaction.changes);
  },
  provide: (marks) => EditorView.decorations.from(marks),
});

/** The extension that shows diagnostics. */
export function diagnostics() {
  return [field, hoverTooltip((view, pos) => tooltip(view, pos), { hideOnChange: true })];
}

/** The change that shows other diagnostics; null where there are none and were none. Offsets past the end are clipped:
 *  the text may be newer. */
export function diagnosticsChange(state, list) {
  if (list.length === 0 && state.field(field).size === 0) {
    return null;
  }
  const marks = list.map((diagnostic) => {
    const { from, to } = visible(state.doc, diagnostic);
    const severity = SEVERITIES.includes(diagnostic.severity) ? diagnostic.severity : "info";
    return from < to ? Decoration.mark({ class: `cm-lab-${severity}`, diagnostic, from }).range(from, to) : null;
  });
  return replace.of(Decoration.set(marks.filter((mark) => mark !== null), true));
}

/** The edits of the first fix on the cursor's line, where the text is now; null when there is none. */
export function firstFix(state) {
  const line = state.doc.lineAt(state.selection.main.head);
  const fixes = found(state, line.from, line.to).flatMap(({ diagnostic, by }) => moved(diagnostic.fixes?.[0], by));
  return fixes[0] ?? null;
}

/** At least one character: an empty range takes a neighbour of its line. */
function visible(doc, { from, to }) {
  const clip = (offset) => Math.min(Math.max(offset, 0), doc.length);
  const [start, end] = [clip(from), Math.max(clip(from), clip(to))];
  if (start < end) {
    return { from: start, to: end };
  }
  const line = doc.lineAt(start);
  return start < line.to ? { from: start, to: start + 1 } : { from: Math.max(line.from, start - 1), to: start };
}

/** The diagnostics that touch a stretch, each with the distance that typing moved it since it was set. */
function found(state, from, to) {
  const list = [];
  state.field(field).between(from, to, (start, end, { spec }) => {
    list.push({ diagnostic: spec.diagnostic, by: start - spec.from, start, end });
  });
  return list;
}

/** The edits of a fix, moved along with its diagnostic; an empty list when there is no fix. */
function moved(fix, by) {
  return fix ? [fix.edits.map(({ from, to, insert }) => ({ from: from + by, to: to + by, insert }))] : [];
}

function tooltip(view, pos) {
  const here = found(view.state, pos, pos);
  if (here.length === 0) {
    return null;
  }
  const { start, end } = here[0];
  return { pos: start, end, above: true, create: () => ({ dom: list(view, here) }) };
}

function list(view, here) {
  const dom = document.createElement("div");
  dom.className = "cm-lab-diagnostics";
  for (const { diagnostic, by } of here) {
    const item = dom.appendChild(document.createElement("div"));
    const text = item.appendChild(document.createElement("p"));
    text.textContent = diagnostic.message;
    if (diagnostic.code) {
      const code = item.appendChild(document.createElement("code"));
      code.textContent = diagnostic.code;
    }
    for (const fix of view.state.readOnly ? [] : diagnostic.fixes ?? []) {
      const button = item.appendChild(document.createElement("button"));
      button.type = "button";
      button.textContent = fix.label;
      button.onclick = () => view.dispatch({ changes: moved(fix, by)[0], userEvent: "input.fix" });
    }
  }
  return dom;
}
