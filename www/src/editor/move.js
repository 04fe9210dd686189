// Moves a whole instruction, with its continuation lines and heredocs, over its neighbour.

import { EditorSelection } from "@codemirror/state";

import { instructionAt, instructionsOf } from "./scan.js";

/** The transaction that moves the instruction at the cursor up (-1) or down (1), or null when it cannot move. */
export function movedInstruction(state, direction) {
  if (state.readOnly) {
    return null;
  }
  const { doc } = state;
  const head = state.selection.main.head;
  const instructions = instructionsOf(doc);
  const mine = instructionAt(instructions, doc.lineAt(head).number);
  const other = mine && instructions[instructions.indexOf(mine) + direction];
  if (!other) {
    return null;
  }
  const [first, second] = direction < 0 ? [other, mine] : [mine, other];
  const text = (from, to) => doc.sliceString(from, to);
  const from = doc.line(first.from).from;
  const to = doc.line(second.to).to;
  const firstText = text(from, doc.line(first.to).to);
  const between = text(doc.line(first.to).to, doc.line(second.from).from);
  const secondText = text(doc.line(second.from).from, to);
  const offset = head - doc.line(mine.from).from;
  const start = direction < 0 ? from : from + secondText.length + between.length;
  return {
    changes: { from, to, insert: secondText + between + firstText },
    selection: EditorSelection.cursor(start + offset),
    scrollIntoView: true,
    userEvent: "move.line",
  };
}
