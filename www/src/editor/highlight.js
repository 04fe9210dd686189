// Highlighting by line: a mode reads the lines one after the other and gives each stretch one of the four tones.
//
// A mode is `{ start(), copy(state), token(stream, state) }`; `token` moves the stream on and returns "key", "arg",
// "str", "note" or null. It is called once with an empty stream for an empty line.

import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, ViewPlugin } from "@codemirror/view";

import { LineStream } from "./stream.js";

const TONES = Object.fromEntries(
  ["key", "arg", "str", "note"].map((tone) => [tone, Decoration.mark({ class: `cm-lab-${tone}` })]),
);
// Longer lines are data, not code: they stay plain.
const LONGEST_LINE = 2000;

/** The extension that highlights with a mode. */
export function highlight(mode) {
  return ViewPlugin.fromClass(class {
    constructor(view) {
      // The mode's state before each line, as far as it was read.
      this.states = [mode.start()];
      this.decorations = this.read(view);
    }

    update(update) {
      if (update.docChanged) {
        this.forgetFrom(update);
      }
      if (update.docChanged || update.viewportChanged) {
        this.decorations = this.read(update.view);
      }
    }

    forgetFrom({ changes, startState }) {
      let first = Infinity;
      changes.iterChangedRanges((from) => {
        first = Math.min(first, startState.doc.lineAt(from).number);
      });
      this.states.length = Math.min(this.states.length, first);
    }

    read({ state: { doc }, viewport }) {
      const builder = new RangeSetBuilder();
      const first = doc.lineAt(viewport.from).number;
      const last = doc.lineAt(viewport.to).number;
      for (let number = Math.min(this.states.length, first); number <= last; number += 1) {
        const line = doc.line(number);
        const state = mode.copy(this.states[number - 1]);
        const add = number < first ? () => {} : (from, to, tone) => builder.add(line.from + from, line.from + to, tone);
        readLine(mode, line.text, state, add);
        this.states[number] = state;
      }
      return builder.finish();
    }
  }, { decorations: (plugin) => plugin.decorations });
}

function readLine(mode, text, state, add) {
  const stream = new LineStream(text.length > LONGEST_LINE ? "" : text);
  do {
    const from = stream.pos;
    const tone = mode.token(stream, state);
    if (tone && stream.pos > from) {
      add(from, stream.pos, TONES[tone]);
    }
  } while (!stream.eol());
}
