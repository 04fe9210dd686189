// Whoever types at the end of a line that is longer than the editor is wide scrolls it sideways with each key, and
// CodeMirror measures the whole view for each scroll. Sideways there is nothing new to measure, so that it is told later,
// when nobody types any more.

/** After so many milliseconds without another scroll. */
const LATER = 250;

/** Lines that are longer than this are drawn in part, and then a scroll shows more of them. In characters. */
const WHOLE = 1_500;

/** Keeps scrolls to the side from the view while they follow each other. */
export function quietSideways(view) {
  const { scrollDOM } = view;
  let top = scrollDOM.scrollTop;
  let timer;
  view.dom.addEventListener("scroll", (event) => {
    if (event.target !== scrollDOM) {
      return;
    }
    const vertical = scrollDOM.scrollTop !== top;
    top = scrollDOM.scrollTop;
    clearTimeout(timer);
    // The event below is ours. A list or a hint that hangs on a place in the text has to go with it at once.
    const now = vertical || !event.isTrusted || view.dom.querySelector(".cm-tooltip")
      || view.viewportLineBlocks.some(({ length }) => length > WHOLE);
    if (!now) {
      event.stopPropagation();
      timer = setTimeout(() => scrollDOM.dispatchEvent(new Event("scroll")), LATER);
    }
  }, { capture: true, passive: true });
}
