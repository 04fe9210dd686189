// How the editor looks. Every colour and length is a token of the page.

import { EditorView } from "@codemirror/view";

const underline = (colour) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy ${colour} 1px`,
  textUnderlineOffset: "4px",
  textDecorationSkipInk: "none",
});

/** The look of the editor, as an extension. */
export const look = EditorView.theme({
  "&": { color: "var(--code-arg)", backgroundColor: "transparent", fontSize: "var(--t-13, 13px)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mono, monospace)",
    fontVariantLigatures: "none",
    lineHeight: "var(--row, 32px)",
    overflowY: "hidden",
  },
  ".cm-content": { padding: "0", caretColor: "var(--accent)" },
  // A fixed height, so that a fallback font for Hangul or emoji cannot push rows and lines apart.
  ".cm-line": { height: "var(--row, 32px)", padding: "0 8px" },
  ".cm-content ::selection": { backgroundColor: "color-mix(in srgb, var(--accent) 24%, transparent)" },
  ".cm-lab-key": { color: "var(--code-key)", fontWeight: "650" },
  ".cm-lab-arg": { color: "var(--code-arg)" },
  ".cm-lab-str": { color: "var(--code-str)" },
  ".cm-lab-note": { color: "var(--code-note)" },
  ".cm-gutters": { backgroundColor: "transparent", border: "none", color: "var(--ink-3)" },
  ".cm-gutterElement": { height: "var(--row, 32px)", lineHeight: "var(--row, 32px)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "3ch", padding: "0 8px 0 4px", fontVariantNumeric: "tabular-nums" },
  ".cm-labMarks .cm-gutterElement": { width: "20px", display: "grid", placeItems: "center" },
  ".cm-labMark": { width: "14px", height: "14px", display: "block" },
  ".cm-labMark-hit": { color: "var(--hit)" },
  ".cm-labMark-miss": { color: "var(--miss)" },
  ".cm-labMark-follows": { color: "var(--follows)" },
  ".cm-labMark-meta": { color: "var(--meta)" },
  ".cm-labMark-failed": { color: "var(--ink)" },
  ".cm-labActive": { backgroundColor: "var(--accent-wash)" },
  ".cm-lab-error": underline("var(--miss)"),
  ".cm-lab-warning": underline("var(--follows)"),
  ".cm-lab-info, .cm-lab-hint": underline("var(--ink-3)"),
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    color: "var(--ink)",
    border: "1px solid var(--line-2)",
    borderRadius: "var(--radius, 6px)",
    boxShadow: "var(--shadow)",
    fontFamily: "var(--sans, sans-serif)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono, monospace)", maxHeight: "16em" },
  ".cm-tooltip-autocomplete > ul > li": { lineHeight: "24px", padding: "0 12px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--accent-ink)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "650" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--ink-3)" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-lab-diagnostics > div": { padding: "8px 12px", maxWidth: "56ch", lineHeight: "1.5" },
  ".cm-lab-diagnostics p": { margin: "0", whiteSpace: "pre-wrap" },
  ".cm-lab-diagnostics code": { color: "var(--ink-3)", fontSize: "var(--t-12, 12px)" },
  ".cm-lab-diagnostics button": {
    display: "block",
    marginTop: "8px",
    padding: "4px 10px",
    color: "var(--accent)",
    backgroundColor: "transparent",
    border: "1px solid var(--line-2)",
    borderRadius: "var(--radius, 6px)",
    font: "inherit",
    cursor: "pointer",
  },
});
