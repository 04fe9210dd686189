// Tells where each line is, so that the rows beside the editor can stand level with it.

import { ViewPlugin } from "@codemirror/view";

// A person reads rows beside a Dockerfile, not beside a file of this length.
const MOST_LINES = 2000;

/** Calls back with the top and the height of each line in turn, in pixels from the top of the editor, when any changes. */
export function geometry(tell) {
  return ViewPlugin.fromClass(class {
    constructor(view) {
      this.known = new Float64Array();
      this.request = { key: this, read: measure, write: (lines) => this.compare(lines) };
      view.requestMeasure(this.request);
    }

    update(update) {
      if (update.geometryChanged || update.docChanged) {
        update.view.requestMeasure(this.request);
      }
    }

    compare(lines) {
      if (lines.length !== this.known.length || lines.some((place, at) => place !== this.known[at])) {
        this.known = lines;
        tell(lines);
      }
    }
  });
}

function measure(view) {
  const { doc } = view.state;
  const padding = view.documentPadding.top;
  const lines = Math.min(doc.lines, MOST_LINES);
  const places = new Float64Array(2 * lines);
  for (let line = 0; line < lines; line += 1) {
    const { top, height } = view.lineBlockAt(doc.line(line + 1).from);
    places[2 * line] = top + padding;
    places[2 * line + 1] = height;
  }
  return places;
}
