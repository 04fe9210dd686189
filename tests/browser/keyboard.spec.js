// The whole road by keyboard alone. After every key something has the focus, can be seen, and shows that it has it.
import { columns, editor, expect, expectRows, file, open, openExample, row, test, toast } from "./lab.js";

/** A person without a mouse. */
function hands(page) {
  const press = async (...keys) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await focused(page);
    }
  };
  /** Presses a key until something has the focus. */
  const pressUntil = async (key, target, most = 40) => {
    for (let time = 0; time < most; time += 1) {
      if (await target.evaluateAll((all) => all.includes(document.activeElement))) {
        return;
      }
      await press(key);
    }
    throw new Error(`${key} does not lead to ${target}`);
  };
  const type = (text) => page.keyboard.type(text);
  return { press, pressUntil, type };
}

/** What is wrong with the focus; empty for nothing. Runs in the page. */
function faultOfFocus() {
  const active = document.activeElement;
  if (!active || active === document.body || active === document.documentElement) {
    return "nothing has the focus";
  }
  const name = `<${active.tagName.toLowerCase()} class="${active.className}"> ${active.textContent.slice(0, 40)}`;
  const box = active.getBoundingClientRect();
  if (box.width < 1 || box.height < 1 || box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) {
    return `out of sight: ${name}`;
  }
  const caret = active.isContentEditable || active.matches("input:not([type=checkbox]), textarea");
  const style = getComputedStyle(active);
  const ring = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0;
  return caret || ring || style.boxShadow !== "none" ? "" : `does not show it: ${name}`;
}

/** The focus is somewhere, in sight and to be seen, also a moment later. */
async function focused(page) {
  await expect.poll(() => page.evaluate(faultOfFocus), { timeout: 3_000 }).toBe("");
}

/** The region of the page that F6 leads to. */
async function goToRegion(page, { pressUntil }, name) {
  await pressUntil("F6", page.locator(`[data-region][aria-label="${name}"]`));
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    for (const kind of ["mousedown", "pointerdown", "mousemove", "touchstart"]) {
      addEventListener(kind, () => console.error(`a ${kind} in a test of the keyboard`), true);
    }
  });
});

test.afterEach(async ({ page }) => {
  await focused(page);
});

test("the road from the naive order to the hit, the timeline and a link", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const keyboard = hands(page);
  const { press, pressUntil, type } = keyboard;
  await open(page);
  await expect(page.locator("[data-example]").first()).toBeVisible();
  await pressUntil("Tab", page.locator('[data-example="node-naive"]'));
  await press("Enter");
  await expect(row(page, "npm install")).toBeVisible();
  await focused(page);

  // To the file in the tree, into its text, and back.
  await goToRegion(page, keyboard, "Build context");
  await pressUntil("Tab", page.locator('[role="treeitem"]'));
  await pressUntil("ArrowDown", file(page, "server.js"));
  await press("Enter");
  await expect(page.getByRole("tab", { name: "server.js", selected: true })).toBeVisible();
  await press("Escape");
  await expect(editor(page)).toBeFocused();
  await press("Control+End");
  await type("\n// edited");
  await pressUntil("Shift+Tab", page.getByRole("tab", { name: "server.js" }));
  await press("ArrowLeft");
  await expect(page.getByRole("tab", { name: "Dockerfile", selected: true })).toBeFocused();

  // The miss, what follows, and why.
  await expectRows(page, [
    "hit FROM node", "miss COPY . /app", "follows WORKDIR /app", "follows RUN npm install", "meta EXPOSE 80",
    'meta CMD ["node", "server.js"]',
  ]);
  await press("F8");
  await expect(page.locator("#why-sentence")).toContainText("COPY . /app missed because server.js changed");
  await pressUntil("Tab", row(page, "npm install"));
  await press("Enter");
  await expect(page.locator("#why-sentence")).toContainText("RUN npm install ran again only because");
  await press("Control+Enter");
  await expect(columns(page)).toHaveCount(3);

  // The better order.
  await press("Escape");
  await expect(editor(page)).toBeFocused();
  await press("Control+Home", "End", "Enter");
  await type("COPY package.json /app/");
  await press("Escape", "ArrowDown", "Alt+ArrowDown", "Alt+ArrowDown");
  await expect(editor(page).locator(".cm-line").nth(4)).toHaveText("COPY . /app");
  await press("Control+Enter");
  await expect(columns(page)).toHaveCount(4);
  await press("Control+k");
  await type("Open server.js");
  await press("Enter");
  await expect(page.getByRole("tab", { name: "server.js", selected: true })).toBeVisible();
  await press("Escape", "Control+End");
  await type("\n// again");
  await pressUntil("Shift+Tab", page.getByRole("tab", { name: "server.js" }));
  await press("ArrowLeft");
  await expectRows(page, [
    "hit FROM node", "hit COPY package.json /app/", "hit WORKDIR /app", "hit RUN npm install", "miss COPY . /app",
    "meta EXPOSE 80", 'meta CMD ["node", "server.js"]',
  ]);
  await press("Control+Enter");
  await expect(columns(page)).toHaveCount(5);

  // The timeline: to the second build, and back to it.
  await goToRegion(page, keyboard, "Timeline");
  await pressUntil("Tab", page.locator('[role="grid"] [tabindex="0"]'));
  await press("Home", "ArrowRight", "Enter");
  await expect(page.locator(".past-bar")).toContainText("#2");
  await expectRows(page, [
    "hit FROM node", "miss COPY . /app", "follows WORKDIR /app", "follows RUN npm install", "meta EXPOSE 80",
    'meta CMD ["node", "server.js"]',
  ]);
  await press("Alt+ArrowLeft");
  await expect(page.locator(".past-bar")).toContainText("#1");
  await press("Alt+ArrowRight");
  await expect(page.locator(".past-bar")).toContainText("#2");
  await goToRegion(page, keyboard, "Dockerfile and steps");
  await pressUntil("Tab", page.getByRole("button", { name: "Return here" }));
  await press("Enter");
  await expect(page.locator(".past-bar")).toHaveCount(0);
  await expect(editor(page).locator(".cm-line").nth(1)).toHaveText("COPY . /app");
  await focused(page);
  await expect(editor(page)).toBeFocused();

  // What was left is taken back.
  await goToRegion(page, keyboard, "Header");
  await pressUntil("Tab", page.getByRole("button", { name: "Undo" }));
  await press("Enter");
  await expect(editor(page).locator(".cm-line").nth(1)).toHaveText("COPY package.json /app/");

  // A link; Escape gives the focus back.
  const share = page.getByRole("button", { name: "Share", exact: true });
  await pressUntil("Tab", share);
  await press("Enter");
  await expect(page.locator("textarea.link")).toBeVisible();
  await pressUntil("Tab", page.getByRole("button", { name: "Copy the link" }));
  await press("Enter");
  await expect(toast(page, "Copied")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await page.locator("textarea.link").inputValue());
  await press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(share).toBeFocused();
});

test("every dialog closes with Escape and gives the focus back", async ({ page }) => {
  const { press, type, pressUntil } = hands(page);
  await openExample(page, "node-naive");
  for (const name of ["Build options", "Share", "Embed"]) {
    const button = page.getByRole("button", { name, exact: true });
    await pressUntil("Tab", button);
    await press("Enter");
    await expect(page.getByRole("dialog", { name })).toBeVisible();
    // Round all that can be reached: the focus stays within.
    for (let time = 0; time < 12; time += 1) {
      await page.keyboard.press("Tab");
    }
    await press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(button).toBeFocused();
  }
  const start = page.getByRole("button", { name: "Share", exact: true });
  await pressUntil("Shift+Tab", start);
  for (const key of ["Control+k", "?"]) {
    await press(key);
    await expect(page.getByRole("dialog")).toBeVisible();
    await press("Escape");
    await expect(start).toBeFocused();
  }
  await press("Control+k");
  await type("start over");
  await press("Enter");
  await expect(page.getByRole("dialog", { name: "Start over?" })).toBeVisible();
  await press("Escape");
  await expect(start).toBeFocused();
  const picker = page.locator(".picker > button");
  await pressUntil("Shift+Tab", picker);
  await press("Enter", "ArrowDown", "End", "Home", "Escape");
  await expect(picker).toBeFocused();
});

test("files are made, renamed, given permissions, deleted and brought back", async ({ page }) => {
  const keyboard = hands(page);
  const { press, pressUntil, type } = keyboard;
  await openExample(page, "node-naive");
  await goToRegion(page, keyboard, "Build context");
  await pressUntil("Tab", page.getByRole("button", { name: "New file" }));
  await press("Enter");
  await type("src/a.js");
  await press("Enter");
  await expect(file(page, "src/a.js")).toBeVisible();
  // A new file is there to be written. From its editor back to the tree, where it is the one in use.
  await expect(page.getByRole("tab", { name: "a.js", selected: true })).toBeVisible();
  await expect(page.locator(".cm-content:visible")).toBeFocused();
  await goToRegion(page, keyboard, "Build context");
  await pressUntil("Tab", page.locator('[role="treeitem"][tabindex="0"]'));
  await pressUntil("ArrowDown", file(page, "src/a.js"));

  await press("F2");
  await type("x");
  await press("Enter");
  await expect(file(page, "src/a.jsx")).toBeFocused();
  await press("F2", "Escape");
  await expect(file(page, "src/a.jsx")).toBeFocused();

  // A name that is taken is refused, and can be written again.
  await press("F2", "Control+a");
  await type("server.js");
  await press("Enter");
  await expect(toast(page, "server.js is there already")).toBeVisible();
  await expect(page.locator(".name-field")).toBeFocused();
  await press("Escape");

  // The menu, for what has no key of its own.
  await press("Shift+F10");
  await expect(page.getByRole("menu")).toBeVisible();
  await pressUntil("ArrowDown", page.getByRole("menuitem", { name: "Permissions" }));
  await press("Enter");
  await expect(page.getByRole("dialog", { name: "Permissions of src/a.jsx" })).toBeVisible();
  await press("Control+a");
  await type("0755");
  await press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(file(page, "src/a.jsx")).toBeFocused();
  await expect(file(page, "src/a.jsx")).toHaveAttribute("title", /0755/);

  await press("ArrowLeft");
  await expect(file(page, "src")).toBeFocused();
  await press("ArrowLeft");
  await expect(file(page, "src/a.jsx")).toHaveCount(0);
  await press("ArrowRight", "ArrowRight");
  await expect(file(page, "src/a.jsx")).toBeFocused();
  await press("Delete");
  await expect(file(page, "src/a.jsx")).toHaveCount(0);
  await focused(page);
  await expect(page.locator('[role="treeitem"]:focus')).toHaveCount(1);
  await press("Control+z");
  await expect(file(page, "src/a.jsx")).toBeVisible();
  await expect(page.locator('[role="treeitem"]:focus')).toHaveCount(1);
});

test("a file opened by a command has the focus in its editor", async ({ page }) => {
  const { press, type } = hands(page);
  await openExample(page, "node-naive");
  for (const name of ["server.js", "package.json", "server.js", "server.js"]) {
    await press("Control+k");
    await type(name);
    await press("Enter");
    await expect(page.getByRole("textbox", { name: new RegExp(name) })).toBeFocused();
  }
  await type("// mine");
  await expect(editor(page)).toContainText("// mine");
});

test("a message can be reached and taken at its word", async ({ page }) => {
  const { press, pressUntil, type } = hands(page);
  await openExample(page, "node-naive");
  await press("Control+k");
  await type("static site");
  await press("Enter");
  await expect(row(page, "FROM nginx")).toBeVisible();
  await focused(page);
  await pressUntil("Tab", toast(page, "The example is open").getByRole("button", { name: "Undo" }), 80);
  await press("Enter");
  await expect(row(page, "FROM node")).toBeVisible();
  await focused(page);
});
