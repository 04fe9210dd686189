// One undo over everything: text, files, fixes, builds gone back to.
import {
  change, choose, columns, editor, expect, expectState, file, goTo, keep, lookAt, openExample, openFile, row, stored, test, text,
} from "./lab.js";

const undo = (page) => page.getByRole("button", { name: "Undo", exact: true }).first();
const redo = (page) => page.getByRole("button", { name: "Redo", exact: true });

test("text is undone in the editor, key by key and by the button", async ({ page }) => {
  await openExample(page, "node-naive");
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("80");
  await expectState(page, "EXPOSE 8080", "meta");
  await page.keyboard.press("Control+z");
  await expect(row(page, "EXPOSE 8080")).toHaveCount(0);
  await page.keyboard.press("Control+Shift+z");
  await expect(row(page, "EXPOSE 8080")).toBeVisible();
  await undo(page).click();
  await expect(row(page, "EXPOSE 8080")).toHaveCount(0);
  await expect(editor(page)).not.toContainText("8080");
  await redo(page).click();
  await expect(row(page, "EXPOSE 8080")).toBeVisible();
  await expect(editor(page)).toContainText("EXPOSE 8080");
});

test("changes of files come back in their order, and go again", async ({ page }) => {
  await openExample(page, "node-naive");
  await expect(undo(page)).toBeDisabled();
  await change(page, "server.js", "\n// one\n");
  await expectState(page, "COPY . /app", "miss");
  await choose(page, "package.json", "Rename");
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText("other.json");
  await page.keyboard.press("Enter");
  await expect(file(page, "other.json")).toBeVisible();
  await choose(page, "server.js", "Delete");
  await expect(file(page, "server.js")).toHaveCount(0);

  await undo(page).click();
  await expect(file(page, "server.js")).toBeVisible();
  await undo(page).click();
  await expect(file(page, "package.json")).toBeVisible();
  await expect(file(page, "other.json")).toHaveCount(0);
  await undo(page).click();
  await expectState(page, "COPY . /app", "hit");
  await expect(undo(page)).toBeDisabled();
  await redo(page).click();
  await redo(page).click();
  await redo(page).click();
  await expect(redo(page)).toBeDisabled();
  await expect(file(page, "other.json")).toBeVisible();
  await expect(file(page, "server.js")).toHaveCount(0);
});

test("a return to an old build is undone, and what was not built is back", async ({ page }) => {
  await openExample(page, "node-naive");
  await change(page, "server.js", "\n// built\n");
  await expectState(page, "COPY . /app", "miss");
  await keep(page, 2);
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await lookAt(page, 1);
  await page.getByRole("button", { name: "Return here" }).click();
  await expect(row(page, "EXPOSE 8081")).toHaveCount(0);
  await expectState(page, "COPY . /app", "hit");
  await undo(page).click();
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  expect(await text(page)).toContain("EXPOSE 8081");
  await openFile(page, "server.js");
  await expect(editor(page)).toContainText("// built");
  // Builds stay, whatever is undone.
  await expect(columns(page)).toHaveCount(3);
});

test("from an old build on there is a branch, and nothing is lost", async ({ page }) => {
  await openExample(page, "node-naive");
  await change(page, "server.js", "\n// trunk\n");
  await expectState(page, "COPY . /app", "miss");
  await keep(page, 2);
  await lookAt(page, 1);
  await page.getByRole("button", { name: "Return here" }).click();
  await change(page, "server.js", "\n// branch\n");
  await expectState(page, "COPY . /app", "miss");
  await keep(page, 3);
  await expect(page.locator(".time-p .head")).toContainText("3 builds, 1 branch");
  // The trunk's records are still there.
  await lookAt(page, 2);
  await page.getByRole("button", { name: "Return here" }).click();
  await expectState(page, "npm install", "hit");
  await openFile(page, "server.js");
  await expect(editor(page)).toContainText("// trunk");
});

test("the fix of a miss is undone as it was done", async ({ page }) => {
  await openExample(page, "node-naive");
  await change(page, "server.js", "\n// cause\n");
  await expectState(page, "COPY . /app", "miss");
  await row(page, "COPY . /app").click();
  await page.getByRole("button", { name: "Undo the change of server.js" }).click();
  await expectState(page, "COPY . /app", "hit");
  await undo(page).click();
  await expectState(page, "COPY . /app", "miss");
});

/** The name of what is open, in the header. */
const name = (page) => page.locator(".picker > button .name");

test("an example that was opened is undone as anything else, by button and key, and opened again", async ({ page }) => {
  await openExample(page, "node-naive");
  const first = await name(page).textContent();
  await change(page, "server.js", "\n// mine\n");
  await expectState(page, "COPY . /app", "miss");
  await keep(page, 2);
  await page.locator(".picker > button").click();
  await page.getByRole("menuitem", { name: /nginx/ }).click();
  await expect(row(page, "FROM nginx")).toBeVisible();
  await expect(undo(page)).toHaveAttribute("title", /go back to the project before this one/);
  // First what was done in it, then the opening.
  await goTo(page, page, "FROM nginx");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("ENV A=b");
  await expect(row(page, "ENV A=b")).toBeVisible();
  await undo(page).click();
  await expect(row(page, "ENV A=b")).toHaveCount(0);
  await undo(page).click();
  await expectState(page, "COPY . /app", "hit");
  await expect(name(page)).toHaveText(first);
  await expect(columns(page)).toHaveCount(3);
  await expect(redo(page)).toHaveAttribute("title", /open the later project again/);
  await redo(page).click();
  await expect(row(page, "FROM nginx")).toBeVisible();
  // The key does the same, also in an editor that has nothing of its own to take back.
  await editor(page).click();
  await page.keyboard.press("Control+z");
  await expect(row(page, "COPY . /app")).toBeVisible();
  await openFile(page, "server.js");
  await expect(editor(page)).toContainText("// mine");
});

test("what was done since an undo is not lost to redo, and several projects are gone back through", async ({ page }) => {
  await openExample(page, "node-naive");
  const example = async (title, line) => {
    await page.locator(".picker > button").click();
    await page.getByRole("menuitem", { name: title }).click();
    await expect(row(page, line)).toBeVisible();
  };
  await example(/nginx/, "FROM nginx");
  await example(/redis/i, "FROM redis");
  await page.locator(".brand").click();
  await page.keyboard.press("Control+z");
  await expect(row(page, "FROM nginx")).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(row(page, "EXPOSE 80")).toBeVisible();
  await expect(undo(page)).toBeDisabled();
  await expect(redo(page)).toBeEnabled();
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await expect(redo(page)).toBeDisabled();
  await page.reload();
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
});

test("a reload keeps what can be taken back and done again: by button, and by the key in the editor", async ({ page }) => {
  await openExample(page, "node-naive");
  await change(page, "server.js", "\n// mine\n");
  await expectState(page, "COPY . /app", "miss");
  await keep(page, 2);
  await choose(page, "package.json", "Delete");
  await expect(file(page, "package.json")).toHaveCount(0);
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await stored(page, "EXPOSE 8081");
  await page.reload();
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  // The editor that has just come knows nothing of what was typed.
  await editor(page).click();
  await page.keyboard.press("Control+z");
  await expect(row(page, "EXPOSE 8081")).toHaveCount(0);
  await undo(page).click();
  await expect(file(page, "package.json")).toBeVisible();
  await page.reload();
  await expect(file(page, "package.json")).toBeVisible();
  await redo(page).click();
  await expect(file(page, "package.json")).toHaveCount(0);
  await redo(page).click();
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await expect(redo(page)).toBeDisabled();
  for (let step = 0; step < 3; step += 1) {
    await undo(page).click();
  }
  await expect(undo(page)).toBeDisabled();
  await openFile(page, "server.js");
  await expect(editor(page)).not.toContainText("// mine");
  await expect(columns(page)).toHaveCount(3);
});

test("who gets a link gets no former states", async ({ page, context, profile }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openExample(page, "node-naive");
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const link = await page.getByRole("dialog").getByRole("textbox", { name: "Link" }).inputValue();
  const other = await profile();
  await other.goto(link);
  await expect(row(other, "EXPOSE 8081")).toBeVisible();
  await expect(undo(other)).toBeDisabled();
});
