// Completion: a bundle of its own, which the editor fetches when a person begins to work. A page that is only read does
// without.

import { acceptCompletion, autocompletion, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { keymap } from "@codemirror/view";

import { completeDockerfile } from "./complete.js";

export { closeCompletion, startCompletion } from "@codemirror/autocomplete";

/** The extension that completes Dockerfiles; `isDockerfile(state)` says which texts are. */
export function completion(isDockerfile) {
  const complete = (context) => (isDockerfile(context.state) ? completeDockerfile(context) : null);
  return [
    autocompletion({ override: [complete], icons: false, closeOnBlur: true }),
    keymap.of([
      { key: "Tab", run: acceptCompletion },
      { key: "Escape", run: closeCompletion },
      ...completionKeymap,
    ]),
  ];
}
