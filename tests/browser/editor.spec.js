// The editor's own interface, on a page with nothing but the editor. The module is the one that the page ships.
import { expect, test } from "./lab.js";

const { PAGES_URL } = process.env;

const STAGES = `# a comment
FROM golang AS build
ARG VERSION=1
ENV CGO_ENABLED=0
RUN --mount=type=cache,target=/root/.cache \\
    # inside

    go build -o /app
COPY <<EOF /note
FROM here is no instruction
EOF
FROM scratch
`;

test.beforeEach(async ({ page, watched }) => {
  watched.allow(PAGES_URL);
  await page.goto(`${PAGES_URL}tests/browser/fixtures/editor.html`);
  await page.waitForFunction(() => window.editor);
});

/** Puts a text into the editor and the cursor at the mark `|`. */
async function write(page, marked) {
  const offset = marked.indexOf("|");
  await page.evaluate((text) => window.editor.open(text, "dockerfile", false), marked.replace("|", ""));
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+Home");
  for (let step = 0; step < offset; step += 1) {
    await page.keyboard.press("ArrowRight");
  }
}

const text = (page) => page.evaluate(() => window.editor.text());

async function completions(page, marked) {
  await write(page, marked);
  await page.keyboard.press("Control+Space");
  await page.locator(".cm-tooltip-autocomplete").waitFor();
  return page.locator(".cm-completionLabel").allTextContents();
}

test("styles are constructed sheets, and lines are as high as the rows", async ({ page }) => {
  await page.evaluate((doc) => window.editor.open(doc, "dockerfile", false), STAGES);
  expect(await page.locator("style").count()).toBe(0);
  await expect.poll(() => page.evaluate(() => window.told.geometry.at(-1).length)).toBe(2 * STAGES.split("\n").length);
  const places = await page.evaluate(() => [...window.told.geometry.at(-1)]);
  expect(places.every((place, at) => place === (at % 2 ? 32 : at / 2 * 32))).toBe(true);
});

test("Dockerfile text has four tones", async ({ page }) => {
  await page.evaluate((doc) => window.editor.open(doc, "dockerfile", false), STAGES);
  const tone = async (line, words) => {
    const spans = page.locator(".cm-line").nth(line - 1).locator("span");
    const parts = await spans.evaluateAll((all) => all.map((span) => [span.textContent, span.className]));
    return parts.find(([content]) => content.includes(words))?.[1];
  };
  expect(await tone(1, "# a comment")).toContain("cm-lab-note");
  expect(await tone(2, "FROM")).toContain("cm-lab-key");
  expect(await tone(2, "AS")).toContain("cm-lab-key");
  expect(await tone(2, "golang")).toContain("cm-lab-arg");
  expect(await tone(6, "# inside")).toContain("cm-lab-note");
  expect(await tone(8, "go")).toContain("cm-lab-arg");
  expect(await tone(9, "<<EOF")).toContain("cm-lab-key");
  expect(await tone(10, "FROM here")).toContain("cm-lab-str");
  expect(await tone(11, "EOF")).toContain("cm-lab-key");
  expect(await tone(12, "FROM")).toContain("cm-lab-key");
});

test("a person's edit is told, the page's is not", async ({ page }) => {
  await write(page, "FROM node|\n");
  await page.evaluate(() => window.editor.setText("FROM node:22\n"));
  expect(await page.evaluate(() => window.told.changes)).toEqual([]);
  await page.keyboard.insertText("x");
  expect(await page.evaluate(() => window.told.changes)).toEqual(["FROM nodex:22\n"]);
});

test("setText keeps cursor and undo", async ({ page }) => {
  await write(page, "FROM node\nRUN a|\n");
  await page.keyboard.insertText("b");
  await page.evaluate(() => window.editor.setText("FROM node:22\nRUN ab\n"));
  await page.keyboard.insertText("c");
  expect(await text(page)).toBe("FROM node:22\nRUN abc\n");
  await page.evaluate(() => [window.editor.undo(), window.editor.undo(), window.editor.undo()]);
  expect(await text(page)).toBe("FROM node\nRUN a\n");
});

test("typing over several lines is one change, and no breach of the policy", async ({ page }) => {
  await write(page, "|FROM node\nRUN a\nRUN b\n");
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText("FROM alpine\nCMD c\n");
  expect(await text(page)).toBe("FROM alpine\nCMD c\n");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("x");
  expect(await text(page)).toBe("x");
  await page.evaluate(() => window.editor.undo());
  expect(await text(page)).toBe("FROM alpine\nCMD c\n");
});

test("completes instructions, flags, mounts, stages, images, paths and variables", async ({ page }) => {
  expect(await completions(page, "FROM node\nEN|")).toEqual(["ENTRYPOINT ", "ENV "]);
  expect(await completions(page, "from node\nwo|")).toEqual(["workdir "]);
  expect(await completions(page, "FROM no|")).toContain("node:22");
  expect(await completions(page, "FROM node AS base\nFROM ba|")).toContain("base");
  expect(await completions(page, "FROM a AS base\nFROM b\nCOPY --from=|")).toEqual(["base"]);
  expect(await completions(page, "FROM a\nCOPY pa|")).toContain("package.json");
  expect(await completions(page, "FROM a\nRUN --mo|")).toContain("--mount=");
  expect(await completions(page, "FROM a\nRUN --mount=type=|")).toEqual(["bind", "cache", "secret", "ssh", "tmpfs"]);
  expect(await completions(page, "FROM a\nRUN --mount=type=cache,sh|")).toContain("sharing=");
  expect(await completions(page, "ARG V=1\nFROM a:$|")).toContain("V");
  expect(await completions(page, "FROM a\nARG ONE\nENV TWO=2 THREE=3\nRUN \\\n  echo ${T|")).toEqual(["THREE", "TWO"]);
});

test("a completion is taken with Enter, and Escape leaves the text alone", async ({ page }) => {
  await write(page, "FROM node\nWOR|");
  await page.keyboard.press("Control+Space");
  await page.locator(".cm-tooltip-autocomplete").waitFor();
  await page.waitForTimeout(100);
  await page.keyboard.press("Enter");
  expect(await text(page)).toBe("FROM node\nWORKDIR ");
  await page.keyboard.press("Enter");
  expect(await text(page)).toBe("FROM node\nWORKDIR \n");
});

test("Enter ends a line whose last word is complete, whatever the list offers", async ({ page }) => {
  await write(page, "|");
  for (const line of ["FROM alpine", "RUN apk add curl"]) {
    await page.keyboard.type(line, { delay: 30 });
    // The list opens a moment after a key, and takes keys a moment after that.
    await page.waitForTimeout(300);
    await page.keyboard.press("Enter");
  }
  expect(await text(page)).toBe("FROM alpine\nRUN apk add curl\n");
});

test("Enter takes a word half typed, and what was chosen in the list", async ({ page }) => {
  await write(page, "FROM node\n|");
  await page.keyboard.type("WOR", { delay: 30 });
  await page.locator(".cm-tooltip-autocomplete").waitFor();
  await page.waitForTimeout(100);
  await page.keyboard.press("Enter");
  expect(await text(page)).toBe("FROM node\nWORKDIR ");
  await write(page, "FROM no|");
  await page.keyboard.type("d", { delay: 30 });
  await page.locator(".cm-tooltip-autocomplete").waitFor();
  await page.waitForTimeout(100);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  expect(await text(page)).toMatch(/^FROM node:\S+$/);
});

test("a whole instruction moves with its continuation lines and heredoc", async ({ page }) => {
  await write(page, "FROM a\nRUN x \\\n  # note\n\n  y|\n\nCOPY <<E /z\nFROM q\nE\nCMD c\n");
  await page.keyboard.press("Alt+ArrowDown");
  expect(await text(page)).toBe("FROM a\nCOPY <<E /z\nFROM q\nE\n\nRUN x \\\n  # note\n\n  y\nCMD c\n");
  await page.keyboard.insertText("!");
  expect(await text(page)).toContain("  y!\nCMD");
  await page.keyboard.press("Alt+ArrowUp");
  await page.keyboard.press("Alt+ArrowUp");
  expect(await text(page)).toBe("RUN x \\\n  # note\n\n  y!\nFROM a\n\nCOPY <<E /z\nFROM q\nE\nCMD c\n");
  await page.keyboard.press("Alt+ArrowUp");
  expect(await text(page)).toMatch(/^RUN x/);
});

test("diagnostics underline, explain and fix, also after typing above them", async ({ page }) => {
  await write(page, "|FROM a\nRNU x\n");
  await page.evaluate(() => window.editor.show([], [{
    from: 7, to: 10, severity: "error", message: "unknown instruction: RNU", code: "parse/unknown-instruction",
    fixes: [{ label: "Change to RUN", edits: [{ from: 7, to: 10, insert: "RUN" }] }],
  }], 0, 0));
  await page.keyboard.insertText("# 😀 above\n");
  await expect(page.locator(".cm-lab-error")).toHaveText("RNU");
  await page.locator(".cm-lab-error").hover();
  await expect(page.locator(".cm-lab-diagnostics p")).toHaveText("unknown instruction: RNU");
  await page.keyboard.press("Control+End");
  expect(await page.evaluate(() => window.editor.applyFix())).toBe(false);
  await page.evaluate(() => window.editor.selectLine(3));
  await page.keyboard.press("Control+.");
  expect(await text(page)).toBe("# 😀 above\nFROM a\nRUN x\n");
});

test("marks have shapes and accessible names", async ({ page }) => {
  await page.evaluate(() => {
    const marks = [{ line: 1, state: "miss", label: "FROM node missed" }, { line: 99, state: "hit", label: "" }];
    window.editor.show(marks, [], 1, 1);
  });
  await expect(page.getByRole("img", { name: "FROM node missed" })).toBeVisible();
  await expect(page.locator(".cm-labMark")).toHaveCount(1);
  await expect(page.locator(".cm-labActive")).toHaveText("FROM node");
  // Text that is pasted over a marked line takes its mark away: the same marks are shown again.
  await write(page, "|RUN x\n");
  await page.evaluate(() => window.editor.show([{ line: 1, state: "miss", label: "FROM node missed" }], [], 1, 1));
  await expect(page.locator(".cm-labMark")).toHaveCount(1);
  await page.evaluate(() => window.editor.show([{ line: 1, state: "hit", label: "FROM node hit" }], [], 0, 0));
  await expect(page.getByRole("img", { name: "FROM node hit" })).toBeVisible();
  await expect(page.locator(".cm-labActive")).toHaveCount(0);
});

test("keys of the page come first, read-only text stays, the label can change", async ({ page }) => {
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+Enter");
  expect(await page.evaluate(() => window.told.kept)).toBe(true);
  await page.evaluate(() => window.editor.setReadonly(true));
  await page.keyboard.insertText("x");
  await page.keyboard.press("Alt+ArrowUp");
  expect(await text(page)).toBe("FROM node\n");
  await page.evaluate(() => window.editor.setLabels("도커파일", {}));
  await expect(page.getByRole("textbox", { name: "도커파일" })).toHaveAttribute("aria-readonly", "true");
});
