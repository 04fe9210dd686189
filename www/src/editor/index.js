// The editor of the page: CodeMirror behind a small interface that Rust binds to.
//
//   const editor = createEditor(parent, options);
//
// Rust names the module only for Wasm, so that native checks do not need the bundle:
//   #[cfg_attr(target_arch = "wasm32", wasm_bindgen(module = "/www/generated/editor.js"))]
//   #[cfg_attr(not(target_arch = "wasm32"), wasm_bindgen)]
//   extern "C" { type Editor; #[wasm_bindgen(js_name = createEditor)] fn create(parent: &Element, options: &JsValue) -> Editor; … }
//
// options (all but `doc` may be left out)
//   doc          the text
//   language     "dockerfile" | "javascript" | "json" | "python" | "go" | "shell" | "config" | "plain"
//   readonly     the text can be read, selected and copied, not changed
//   label        the accessible name of the text box
//   phrases      { "CodeMirror's English": "translation" }
//   images       known image references, completed after FROM and --from=
//   paths        paths of the build context, completed in COPY and ADD
//   keys         [{ key: "Mod-Enter", run: () => {} }]: run before the editor's own keys
//   onChange     (text) after a person's change; never after setText or open
//   onCursor     (line) when a person puts the cursor somewhere, or it comes to another line
//   onGeometry   (Float64Array) the top and the height of each line in turn, in pixels from the top of the editor, when any
//                of them changes
//
// The handle
//   text()                          the whole text
//   setText(text)                   the smallest change: cursor, scroll position and undo history stay
//   open(text, language, readonly)  another document, with a history of its own
//   setLanguage(language), setReadonly(flag), setLabels(label, phrases), setImages([..]), setPaths([..])
//   show(marks, diagnostics, from, to)  all that a build says, in one change, and in none if it says the same:
//                                   marks [{ line, state, label }], state "hit" | "miss" | "follows" | "meta" | "failed";
//                                   diagnostics [{ from, to, severity, message, code, fixes: [{ label, edits }] }], edits
//                                   [{ from, to, insert }], offsets in UTF-16, severity "error" | "warning" | "info" |
//                                   "hint"; from and to are the lines of the selected instruction, 0 and 0 for none
//   applyFix()                      the first fix at the cursor's line; false when there is none
//   selectLine(line)                moves the cursor there and shows the line, without taking the focus
//   moveInstruction(-1 | 1)         moves the instruction at the cursor over its neighbour; false at an end
//   undo(), redo(), focus(), hasFocus(), destroy()
//
// Lines count from 1, as in the gutter. Words, colours and rules of the page come from its CSS tokens (`--row`,
// `--mono`, `--code-*`, …), so themes need no call.

import {
  history, historyKeymap, indentLess, indentMore, insertNewlineKeepIndent, redo, standardKeymap, toggleLineComment, undo,
} from "@codemirror/commands";
import { Annotation, Compartment, EditorSelection, EditorState, Facet, Prec } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";

import { diagnostics, diagnosticsChange, firstFix } from "./diagnostics.js";
import { geometry } from "./geometry.js";
import { knownNames } from "./known.js";
import { languageOf } from "./languages.js";
import { activeLines, activeLinesChange, marks, marksChange, spokenMarks } from "./marks.js";
import { movedInstruction } from "./move.js";
import { overwrite } from "./overwrite.js";
import { quietSideways } from "./sideways.js";
import { look } from "./theme.js";

export * from "./lent.js";

/** The signs of a person: then what helps in typing is fetched, before a key needs it. */
const SIGNS = ["pointermove", "pointerdown", "touchstart", "keydown"];
const seen = new Promise((resolve) => {
  SIGNS.forEach((sign) => addEventListener(sign, resolve, { capture: true, once: true, passive: true }));
});

let fetching;

/** The module completion.js; undefined when it cannot be fetched, which the next call tries again. */
function fetchCompletion() {
  fetching ??= import(COMPLETION).catch(() => { fetching = undefined; });
  return fetching;
}

// Marks a change that the page made, so that it does not come back as a person's edit.
const fromPage = Annotation.define();

/** Makes an editor inside an element. See the top of this file. */
export function createEditor(parent, options = {}) {
  return new Editor(parent, options);
}

class Editor {
  #view;
  #options;
  #language = new Compartment();
  #writing = new Compartment();
  #labels = new Compartment();
  #names = new Compartment();
  #completing = new Compartment();
  #completion;
  #known;
  #typed = false;
  #line = 0;

  constructor(parent, options) {
    this.#options = options;
    this.#known = { images: options.images ?? [], paths: options.paths ?? [] };
    const state = this.#state(options.doc ?? "", options.language, options.readonly);
    this.#view = new EditorView({ parent, state });
    quietSideways(this.#view);
    seen.then(() => this.#complete());
  }

  text() {
    return this.#view.state.doc.toString();
  }

  setText(text) {
    const changes = smallestChange(this.text(), text);
    if (changes) {
      this.#view.dispatch({ changes, annotations: fromPage.of(true) });
    }
  }

  open(text, language, readonly) {
    // A list that is open would be measured once more, at a place that the new document may not have.
    this.#completion?.closeCompletion(this.#view);
    this.#view.setState(this.#state(text, language, readonly));
    this.#line = 0;
  }

  setLanguage(language) {
    this.#view.dispatch({ effects: this.#language.reconfigure(languageExtension(language)) });
  }

  setReadonly(flag) {
    this.#view.dispatch({ effects: this.#writing.reconfigure(writing(flag)) });
  }

  setLabels(label, phrases) {
    this.#options = { ...this.#options, label, phrases };
    this.#view.dispatch({ effects: this.#labels.reconfigure(labels(this.#options)) });
  }

  setImages(images) {
    this.#setNames({ ...this.#known, images });
  }

  setPaths(paths) {
    this.#setNames({ ...this.#known, paths });
  }

  show(marks, diagnostics, from, to) {
    const { state } = this.#view;
    const changes = [
      marksChange(state, marks), diagnosticsChange(state, diagnostics), activeLinesChange(state, from, to),
    ];
    const effects = changes.filter((change) => change !== null);
    if (effects.length > 0) {
      this.#view.dispatch({ effects });
    }
  }

  applyFix() {
    const edits = firstFix(this.#view.state);
    if (edits) {
      this.#view.dispatch({ changes: edits, userEvent: "input.fix", scrollIntoView: true });
    }
    return edits !== null;
  }

  selectLine(line) {
    const { doc } = this.#view.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.#view.dispatch({ selection: EditorSelection.cursor(from), scrollIntoView: true });
  }

  moveInstruction(direction) {
    const spec = movedInstruction(this.#view.state, direction);
    if (spec) {
      this.#view.dispatch(spec);
    }
    return spec !== null;
  }

  undo() {
    return undo(this.#view);
  }

  redo() {
    return redo(this.#view);
  }

  focus() {
    this.#view.focus();
  }

  hasFocus() {
    return this.#view.hasFocus;
  }

  destroy() {
    this.#view.destroy();
    this.#view = null;
  }

  /** Has completion at hand; gives whether it is. What was typed meanwhile is completed. */
  async #complete() {
    const module = this.#completion ?? await fetchCompletion();
    if (!module || !this.#view || this.#completion) {
      return Boolean(this.#completion && this.#view);
    }
    this.#completion = module;
    this.#view.dispatch({ effects: this.#completing.reconfigure(module.completion(isDockerfile)) });
    if (this.#typed) {
      module.startCompletion(this.#view);
    }
    return true;
  }

  #setNames(known) {
    this.#known = known;
    this.#view.dispatch({ effects: this.#names.reconfigure(knownNames.of(known)) });
  }

  #state(doc, language, readonly) {
    return EditorState.create({
      doc,
      extensions: [
        this.#language.of(languageExtension(language)),
        this.#writing.of(writing(readonly)),
        this.#labels.of(labels(this.#options)),
        this.#names.of(knownNames.of(this.#known)),
        this.#completing.of(this.#completion?.completion(isDockerfile) ?? []),
        this.#keys(),
        history(),
        overwrite,
        marks(),
        lineNumbers(),
        spokenMarks,
        activeLines(),
        diagnostics(),
        look,
        EditorView.updateListener.of((update) => this.#tell(update)),
        this.#options.onGeometry ? geometry(this.#options.onGeometry) : [],
      ],
    });
  }

  #keys() {
    const hooks = (this.#options.keys ?? []).map(({ key, run }) => ({
      key,
      preventDefault: true,
      run: () => {
        run();
        return true;
      },
    }));
    const move = (direction) => () => this.moveInstruction(direction) || true;
    return [
      Prec.highest(keymap.of(hooks)),
      keymap.of([
        { key: "Alt-ArrowUp", run: move(-1) },
        { key: "Alt-ArrowDown", run: move(1) },
        { key: "Mod-.", run: () => this.applyFix() },
        { key: "Mod-/", run: toggleLineComment },
        { key: "Mod-]", run: indentMore },
        { key: "Mod-[", run: indentLess },
        // Until completion is there, which has the same key.
        { key: "Ctrl-Space", run: () => this.#completeSoon() },
        { key: "Enter", run: insertNewlineKeepIndent },
        // What the editor cannot take back is left to the page.
        ...historyKeymap.map(({ preventDefault, ...binding }) => binding),
        ...standardKeymap,
      ]),
    ];
  }

  #completeSoon() {
    this.#complete().then((ready) => ready && this.#completion.startCompletion(this.#view));
    return true;
  }

  #tell(update) {
    // The word that is being typed, unless something else was done since.
    this.#typed = update.docChanged
      ? update.transactions.some((transaction) => transaction.isUserEvent("input.type"))
      : this.#typed && !update.selectionSet;
    const fromElsewhere = update.transactions.some((transaction) => transaction.annotation(fromPage));
    if (update.docChanged && !fromElsewhere) {
      this.#options.onChange?.(update.state.doc.toString());
    }
    const line = update.state.doc.lineAt(update.state.selection.main.head).number;
    // That the editor is measured anew, or given another text, moves nobody's cursor; a click on its line does.
    const placed = update.transactions.some((transaction) => transaction.isUserEvent("select"));
    const moved = update.selectionSet || (update.docChanged && !fromElsewhere);
    if (placed || (moved && line !== this.#line)) {
      this.#options.onCursor?.(line);
    }
    this.#line = line;
  }
}

const languageName = Facet.define({ combine: (values) => values[0] ?? "plain" });

const SLASHED = new Set(["javascript", "go", "json"]);

function languageExtension(language = "plain") {
  return [
    languageName.of(language),
    languageOf(language),
    EditorState.languageData.of(() => [{ commentTokens: { line: SLASHED.has(language) ? "//" : "#" } }]),
  ];
}

function isDockerfile(state) {
  return state.facet(languageName) === "dockerfile";
}

function writing(readonly = false) {
  // Still focusable when read-only, so that the keyboard can read and copy.
  return [EditorState.readOnly.of(readonly), EditorView.contentAttributes.of({ "aria-readonly": String(readonly), tabindex: "0" })];
}

function labels({ label, phrases }) {
  return [
    EditorView.contentAttributes.of(label ? { "aria-label": label } : {}),
    EditorState.phrases.of(phrases ?? {}),
  ];
}

/** The one replaced stretch that turns `before` into `after`, or null when they are equal. */
function smallestChange(before, after) {
  if (before === after) {
    return null;
  }
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start < limit && before.charCodeAt(start) === after.charCodeAt(start)) {
    start += 1;
  }
  let end = 0;
  while (end < limit - start
    && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) {
    end += 1;
  }
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
