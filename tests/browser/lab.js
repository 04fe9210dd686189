// What the tests share: opening the page, driving it as a person does, and watching what it does behind its back.
import { expect } from "@playwright/test";

/** Opens the page (with a query or fragment) and waits until it has drawn itself. */
export async function open(page, rest = "") {
  await page.goto(`./${rest}`);
  await page.locator("main, h1, .app").first().waitFor();
}

/** Collects from now on: errors of console, page and policy as `problems`, and the address of every request. */
export function watch(page) {
  const seen = { problems: [], requests: [] };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      seen.problems.push(`${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => seen.problems.push(`uncaught: ${error}`));
  page.on("requestfailed", (request) => seen.problems.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) {
      seen.problems.push(`${response.status()}: ${response.url()}`);
    }
  });
  // Also those of workers and frames.
  page.context().on("request", (request) => seen.requests.push(request.url()));
  return seen;
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

/** The editor that is in use. */
export function editor(view) {
  return view.locator(".cm-content:visible");
}

/** Puts the cursor at the end of the line with a text. */
export async function goTo(page, view, text) {
  await editor(view).locator(".cm-line", { hasText: text }).first().click();
  await page.keyboard.press("End");
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
