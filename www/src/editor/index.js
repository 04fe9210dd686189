// The editor of the page: CodeMirror behind a small interface.
export { EditorView } from "@codemirror/view";
