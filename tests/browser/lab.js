// What the tests share: opening the page, driving it as a person does, and watching what it does behind its back.
import { test as base, expect } from "@playwright/test";

export { expect };

/**
 * Playwright's `test`, with every page under watch: a test fails when the console says anything, when a request fails or
 * goes to anybody else, or when the page breaks its own policy. `watched.expect(/…/)` names what a test provokes;
 * `profile()` opens a page in a browser profile of its own, under the same watch.
 */
export const test = base.extend({
  watched: [
    async ({ context, baseURL }, use) => {
      const watched = watch(baseURL);
      watched.follow(context);
      await use(watched);
      expect(watched.problems(), "console, requests and policy").toEqual([]);
    },
    { auto: true },
  ],
  profile: async ({ browser, baseURL, watched }, use) => {
    const opened = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ baseURL, ...options });
      opened.push(context);
      watched.follow(context);
      return context.newPage();
    });
    await Promise.all(opened.map((context) => context.close()));
  },
});

function watch(home) {
  const said = [];
  const expected = [];
  const own = [home, "data:", "blob:", "about:"];
  return {
    /** The address of every request, those of workers and frames too. */
    requests: [],
    /** More places that a test may ask, such as a page around an embed. */
    allow: (prefix) => own.push(prefix),
    /** A problem that a test provokes. */
    expect: (pattern) => expected.push(pattern),
    problems: () => said.filter((problem) => !expected.some((pattern) => pattern.test(problem))),
    follow(context) {
      context.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) {
          said.push(`${message.type()}: ${message.text()}`);
        }
      });
      context.on("weberror", (error) => said.push(`uncaught: ${error.error()}`));
      context.on("requestfailed", (request) => {
        // A page that closes takes its requests with it.
        if (request.failure()?.errorText !== "net::ERR_ABORTED") {
          said.push(`failed: ${request.url()}`);
        }
      });
      context.on("response", (response) => {
        if (response.status() >= 400) {
          said.push(`${response.status()}: ${response.url()}`);
        }
      });
      context.on("request", (request) => {
        const url = request.url();
        this.requests.push(url);
        if (!own.some((prefix) => url.startsWith(prefix))) {
          said.push(`to somebody else: ${url}`);
        }
      });
    },
  };
}

/** Opens the page (with a query or fragment) and waits until it has drawn itself. */
export async function open(page, rest = "?lang=en") {
  await page.goto(`./${rest}`);
  await page.locator("main, h1, .app").first().waitFor();
}

/** Opens the page with an example, built once. */
export async function openExample(page, id, rest = "lang=en") {
  await open(page, `?example=${id}&${rest}`);
  await expect(columns(page)).toHaveCount(2);
  await expect(row(page, "FROM")).toBeVisible();
}

/** The rows, as `state instruction`. */
export async function rows(view) {
  const all = view.locator("ol.steps button.s");
  return all.evaluateAll((buttons) => buttons.map((button) => `${button.dataset.state} ${button.querySelector(".src").textContent}`));
}

/** Waits until the rows are these. */
export async function expectRows(view, expected) {
  await expect.poll(() => rows(view), { timeout: 20_000 }).toEqual(expected);
}

/** The row of an instruction. */
export function row(view, text) {
  return view.locator("ol.steps button.s", { hasText: text });
}

/** Waits until the row of an instruction has a state. */
export async function expectState(view, text, state) {
  await expect(row(view, text)).toHaveAttribute("data-state", state);
}

/** The editor that is in use. */
export function editor(view) {
  return view.locator(".cm-content:visible");
}

/** Puts the cursor at the end of the line with a text. */
export async function goTo(page, view, text) {
  await editor(view).locator(".cm-line", { hasText: text }).first().click();
  await page.keyboard.press("End");
}

/** A file in the tree. */
export function file(page, path) {
  return page.locator(`[role="treeitem"][data-path="${path}"]`);
}

/** Opens a file from the tree. */
export async function openFile(page, path) {
  await file(page, path).click();
  await expect(page.getByRole("tab", { name: path.split("/").at(-1), exact: true, selected: true })).toBeVisible();
}

/** Goes back to the Dockerfile. */
export async function backToDockerfile(view) {
  await view.getByRole("tab", { name: "Dockerfile", exact: true }).click();
}

/** Adds a text at the end of a file, and goes back to the Dockerfile. */
export async function change(page, path, text) {
  await openFile(page, path);
  await editor(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(text);
  await backToDockerfile(page);
}

/** Chooses from the menu of a file. */
export async function choose(page, path, deed) {
  await file(page, path).click({ button: "right" });
  await page.getByRole("menuitem", { name: deed }).click();
}

/** The short message with a text. */
export function toast(page, text) {
  return page.locator(".toast", { hasText: text });
}

/** The heads of the timeline's columns: one for each build, and one for the present. */
export function columns(page) {
  return page.locator('[role="grid"] [role="columnheader"][data-at]');
}

/** Keeps a build, and waits until the timeline has it. */
export async function keep(page, number) {
  await page.keyboard.press("Control+Enter");
  await expect(columns(page)).toHaveCount(number + 1);
}

/** Looks at a build. */
export async function lookAt(page, build) {
  await columns(page).nth(build - 1).click();
  await expect(page.locator(".past-bar")).toContainText(`#${build}`);
}

/** The digests of a build's layers, as its rows show them. */
export async function digestsOf(page, build) {
  await lookAt(page, build);
  const shown = page.locator("ol.steps .dig");
  await expect.poll(async () => (await shown.allTextContents()).filter(Boolean).length).toBeGreaterThan(2);
  return shown.allTextContents();
}

/** Shows a tab of the inspector. */
export async function inspect(page, name) {
  await page.locator(".insp").getByRole("tab", { name, exact: true }).click();
}

/** The text of the Dockerfile or file in the editor. */
export function text(view) {
  return editor(view).locator(".cm-line").allTextContents().then((lines) => lines.join("\n"));
}

/** Waits until the work is in the store of the browser: what was typed last is in it. */
export async function stored(page, needle) {
  await expect.poll(() => page.evaluate(readStore)).toContain(needle);
}

/** What the lab has stored, as text; empty for nothing. `all` is of all projects. Runs in the page. */
export function readStore({ all = false } = {}) {
  const text = (bytes) => (bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : "");
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("dockerfile-lab");
    request.onerror = () => reject(request.error);
    request.onupgradeneeded = () => request.transaction.abort();
    request.onsuccess = () => {
      const database = request.result;
      const projects = database.transaction("projects").objectStore("projects");
      const get = all ? projects.getAll() : projects.get("current");
      get.onsuccess = () => {
        database.close();
        resolve([get.result].flat().map(text).join("\n"));
      };
    };
  });
}
