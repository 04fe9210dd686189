// The files of the build context: brought in, taken away, made, changed; and what each change means to the build.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import {
  choose, columns, editor, expect, expectState, file, inspect, keep, open, openExample, openFile, row, test, toast,
} from "./lab.js";

/** Files on the disk of the person, in a folder of their own: `{ path: text or bytes }`. */
function onDisk(testInfo, files) {
  const folder = testInfo.outputPath("disk");
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return (path) => join(folder, path);
}

/** Drops files and folders onto the tree, as a person does from the desktop. */
async function drop(page, ...paths) {
  const box = await page.locator(".tree").boundingBox();
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  const session = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, ...at, data });
  }
}

/** Chooses files with the button. */
async function upload(page, ...paths) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Upload files" }).click();
  await (await chooser).setFiles(paths);
}

/** What a download holds. */
async function downloaded(page, act) {
  const started = page.waitForEvent("download");
  await act();
  const download = await started;
  return { name: download.suggestedFilename(), path: await download.path() };
}

test("a folder that is dropped is the context; files come beside what is there", async ({ page }, testInfo) => {
  const disk = onDisk(testInfo, {
    "shop/Dockerfile": "FROM alpine\nCOPY . /srv\n",
    "shop/src/deep/app.txt": "deep\n",
    "shop/.dockerignore": "*.md\n",
    "shop/README.md": "# hidden\n",
    "notes.txt": "beside\n",
  });
  await open(page);
  await expect(page.locator("[data-example]").first()).toBeVisible();
  await drop(page, disk("shop"));
  await expect(toast(page, "4 files added.")).toBeVisible();
  await expect(row(page, "COPY . /srv")).toBeVisible();
  await expect(file(page, "src/deep/app.txt")).toBeVisible();
  await expect(file(page, "README.md")).toContainText("ignored");
  await drop(page, disk("notes.txt"), disk("shop/README.md"));
  await expect(file(page, "notes.txt")).toBeVisible();
  await row(page, "COPY . /srv").click();
  await inspect(page, "Files");
  await expect(page.locator("table.changes")).toContainText("/srv/src/deep/app.txt");
  await expect(page.locator("table.changes")).toContainText("/srv/notes.txt");
  await expect(page.locator("table.changes")).not.toContainText("README.md");
});

test("bytes that are no text take part as they are, and come back as they were", async ({ page }, testInfo) => {
  const bytes = Buffer.from(Array.from({ length: 2048 }, (_, at) => (at * 7) % 256));
  const disk = onDisk(testInfo, { "logo.bin": bytes });
  await openExample(page, "node-naive");
  await upload(page, disk("logo.bin"));
  await expect(toast(page, "logo.bin added.")).toBeVisible();
  await expect(file(page, "logo.bin")).toContainText("new");
  await expectState(page, "COPY . /app", "miss");
  await row(page, "COPY . /app").click();
  await expect(page.locator("#why-sentence")).toContainText("logo.bin is new");
  await openFile(page, "logo.bin");
  await expect(page.locator(".binary")).toContainText("logo.bin is no text (2.05 kB)");
  const { name, path } = await downloaded(page, () => choose(page, "logo.bin", "Download"));
  expect(name).toBe("logo.bin");
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test("a file that is too large is refused by name, and the others come", async ({ page }, testInfo) => {
  const disk = onDisk(testInfo, { "film.bin": "", "small.txt": "small\n" });
  truncateSync(disk("film.bin"), 40_000_000);
  await openExample(page, "node-naive");
  await drop(page, disk("film.bin"), disk("small.txt"));
  await expect(toast(page, "film.bin is too large for the lab.")).toBeVisible();
  await expect(file(page, "small.txt")).toBeVisible();
  await expect(file(page, "film.bin")).toHaveCount(0);
});

test("files are made, written, renamed and deleted, with a way back", async ({ page }) => {
  await openExample(page, "node-naive");
  await page.getByRole("button", { name: "New file" }).click();
  await page.keyboard.insertText("src/new.js");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: "new.js", selected: true })).toBeVisible();
  await editor(page).click();
  await page.keyboard.insertText("// new\n");
  await expect(file(page, "src/new.js")).toHaveAttribute("title", /7 B/);
  await choose(page, "src/new.js", "Rename");
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText("src/newer.js");
  await page.keyboard.press("Enter");
  await expect(file(page, "src/newer.js")).toBeVisible();
  await expect(page.getByRole("tab", { name: "newer.js", selected: true })).toBeVisible();
  await expect(editor(page)).toContainText("// new");
  await choose(page, "src", "Delete");
  await expect(file(page, "src/newer.js")).toHaveCount(0);
  await expect(page.getByRole("tab", { name: "newer.js" })).toHaveCount(0);
  await toast(page, "src deleted.").getByRole("button", { name: "Undo" }).click();
  await openFile(page, "src/newer.js");
  await expect(editor(page)).toContainText("// new");
});

test("a click beside the menu of a file leaves the focus where it went", async ({ page }) => {
  await openExample(page, "node-naive");
  await file(page, "server.js").click({ button: "right" });
  await expect(page.getByRole("menu")).toBeVisible();
  await editor(page).click();
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(editor(page)).toBeFocused();
});

test("a name that cannot be is refused with a reason", async ({ page }) => {
  await openExample(page, "node-naive");
  for (const [name, reason] of [["", "Write a name first."], ["../out", "cannot be a path"], ["server.js", "is there already"]]) {
    await page.getByRole("button", { name: "New file" }).click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(name);
    await page.keyboard.press("Enter");
    await expect(toast(page, reason)).toBeVisible();
    await page.keyboard.press("Escape");
  }
});

test("permissions are part of the key, the time of a file is not", async ({ page }) => {
  await openExample(page, "node-naive");
  await choose(page, "server.js", "Touch");
  await expect(file(page, "server.js")).toContainText("touched");
  await expectState(page, "COPY . /app", "hit");
  await row(page, "COPY . /app").click();
  await expect(page.locator(".notes")).toContainText("server.js was touched, not changed. mtime is no part of the key.");
  await choose(page, "server.js", "Permissions");
  await page.getByRole("checkbox", { name: "Executable" }).check();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(file(page, "server.js")).toContainText("mode");
  await expectState(page, "COPY . /app", "miss");
  await row(page, "COPY . /app").click();
  await expect(page.locator("#why-sentence")).toContainText("server.js became executable. Its bytes are the same.");
});

test(".dockerignore hides files from the build while it is written", async ({ page }) => {
  await openExample(page, "node-naive");
  await openFile(page, ".dockerignore");
  await editor(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("\nserver.js\n");
  await expect(file(page, "server.js")).toContainText("ignored");
  await page.getByRole("tab", { name: "Dockerfile" }).click();
  await expectState(page, "COPY . /app", "miss");
  await keep(page, 2);
  // What is hidden does not matter.
  await openFile(page, "server.js");
  await editor(page).click();
  await page.keyboard.insertText("// hidden\n");
  await page.getByRole("tab", { name: "Dockerfile" }).click();
  await expectState(page, "COPY . /app", "hit");
  await row(page, "COPY . /app").click();
  await expect(page.locator(".notes")).toContainText("server.js changed, but .dockerignore hides it from builds.");
});

test("the whole context is taken away as a tar", async ({ page }) => {
  await openExample(page, "node-naive");
  await choose(page, "server.js", "Permissions");
  await page.getByRole("textbox").last().fill("0755");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(file(page, "server.js")).toHaveAttribute("title", /0755/);
  const { name, path } = await downloaded(page, () => page.getByRole("button", { name: "Download all files" }).click());
  expect(name).toBe("context.tar");
  const listed = execFileSync("tar", ["-tvf", path], { encoding: "utf8" });
  expect(listed.match(/\S+$/gm)).toEqual([".dockerignore", "Dockerfile", "package.json", "server.js"]);
  expect(listed).toMatch(/^-rwxr-xr-x .* server\.js$/m);
  expect(execFileSync("tar", ["-xOf", path, "Dockerfile"], { encoding: "utf8" })).toContain("RUN npm install");
  await expect(columns(page)).toHaveCount(2);
});

test("what \"touched\" means stands beside it, and is heard at the file", async ({ page }) => {
  await openExample(page, "node-naive");
  const note = page.locator(".of-touched");
  await expect(note).toHaveCount(0);
  await choose(page, "server.js", "Touch");
  await expect(file(page, "server.js")).toContainText("touched");
  await expect(note).toHaveText(/^touched: the time is another, the content is not\./);
  await expect(file(page, "server.js")).toHaveAccessibleDescription(/No step is keyed on the time/);
  await expect(file(page, "package.json")).not.toHaveAccessibleDescription(/No step is keyed on the time/);
  await page.setViewportSize({ width: 390, height: 780 });
  await page.locator(".bar-p").getByRole("button", { name: "Files" }).click();
  await expect(note).toBeInViewport();
});
