// Typing over a selection of several lines. Left to itself Chromium joins what is left of the lines and gives it a style
// attribute, which the policy of the page forbids and reports. So the editor makes the change, and the browser none.
import { EditorView } from "@codemirror/view";

export const overwrite = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { doc, selection, readOnly } = view.state;
    const { from, to } = selection.main;
    const within = doc.lineAt(from).to >= to;
    if (event.inputType !== "insertText" || event.data === null || readOnly || view.composing || within) {
      return false;
    }
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});
