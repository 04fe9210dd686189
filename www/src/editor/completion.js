// Completion: a bundle of its own, which the editor fetches when a person begins to work. A page that is only read does
// without.

import {
  acceptCompletion, autocompletion, closeCompletion, completionKeymap, selectedCompletion,
} from "@codemirror/autocomplete";
import { EditorState, Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";

import { completeDockerfile, mayComplete } from "./complete.js";

export { closeCompletion, startCompletion } from "@codemirror/autocomplete";

/** What may be left out is no word half typed: an image, a stage, a path, a value. */
const UNFINISHED = new Set(["keyword", "property"]);

/** The extension that completes Dockerfiles; `isDockerfile(state)` says which texts are. */
export function completion(isDockerfile) {
  // Whether somebody asked for the list, or moved in it.
  let asked = false;
  const complete = (context) => {
    asked = context.explicit;
    return completeDockerfile(context);
  };
  const source = [{ autocomplete: complete }];
  /** A list that came by itself takes Enter for a word half typed, or when somebody has chosen in it. */
  const enter = (view) => {
    const option = selectedCompletion(view.state);
    if (option && (asked || isHalfTyped(view.state, option))) {
      return acceptCompletion(view);
    }
    closeCompletion(view);
    return false;
  };
  const noticed = ({ key, run, ...binding }) => ({ ...binding, key, run: (view) => {
    const done = run(view);
    asked ||= done;
    return done;
  } });
  return [
    autocompletion({ icons: false, closeOnBlur: true, defaultKeymap: false }),
    // Where nothing can come there is no source: to ask one in vain costs another change of the editor for each key.
    EditorState.languageData.of((state, pos) => (isDockerfile(state) && mayComplete(state, pos) ? source : [])),
    Prec.highest(keymap.of([
      { key: "Tab", run: acceptCompletion },
      { key: "Enter", run: enter },
      { key: "Escape", run: closeCompletion },
      ...completionKeymap.filter(({ key }) => key !== "Enter" && key !== "Escape").map(noticed),
    ])),
  ];
}

function isHalfTyped({ doc, selection }, { label, type }) {
  const { text, from } = doc.lineAt(selection.main.head);
  const [word] = /\S*$/.exec(text.slice(0, selection.main.head - from));
  return UNFINISHED.has(type) && word.toLowerCase() !== label.trim().toLowerCase();
}
