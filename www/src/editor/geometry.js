// Tells where each line is, so that the rows beside the editor can stand level with it.

import { ViewPlugin } from "@codemirror/view";

// A person reads rows beside a Dockerfile, not beside a file of this length.
const MOST_LINES = 2000;

/** Calls back with `[{ line, top, height }]` in pixels from the top of the editor, when any of it changes. */
export function geometry(tell) {
  return ViewPlugin.fromClass(class {
    constructor(view) {
      this.known = [];
      this.request = { key: this, read: measure, write: (lines) => this.compare(lines) };
      view.requestMeasure(this.request);
    }

    update(update) {
      if (update.geometryChanged || update.docChanged) {
        update.view.requestMeasure(this.request);
      }
    }

    compare(lines) {
      const same = lines.length === this.known.length
        && lines.every(({ top, height }, index) => top === this.known[index].top && height === this.known[index].height);
      if (!same) {
        this.known = lines;
        tell(lines);
      }
    }
  });
}

function measure(view) {
  const { doc } = view.state;
  const padding = view.documentPadding.top;
  const lines = [];
  for (let line = 1; line <= Math.min(doc.lines, MOST_LINES); line += 1) {
    const { top, height } = view.lineBlockAt(doc.line(line).from);
    lines.push({ line, top: top + padding, height });
  }
  return lines;
}
