// The page opens under a sub-path, with requests to its own folder alone, under a strict policy; and the watch that all
// tests are under sees what it is there for.

import { expect, open, test } from "./lab.js";

const { PAGES_URL } = process.env;

test("opens under a sub-path, cleanly, with requests to its own folder alone", async ({ page, baseURL, watched }) => {
  await open(page);
  await page.waitForLoadState("networkidle");
  expect(watched.problems()).toEqual([]);
  const below = watched.requests.filter((url) => url.startsWith(baseURL)).map((url) => url.slice(baseURL.length) || "index.html");
  expect(below.length).toBeGreaterThan(4);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:/);
  expect(policy).toContain("default-src 'none'");
});

test("the watch sees what a worker asks for", async ({ page, baseURL, watched }) => {
  await open(page, "?example=node-naive");
  await expect(page.locator("ol.steps button.s").first()).toBeVisible();
  // Parts of the catalogue are fetched by the worker alone.
  expect(watched.requests.filter((url) => url.startsWith(`${baseURL}catalog/`)).length).toBeGreaterThan(0);
});

test("the watch sees a word in the console, a breach of the policy, and a request to somebody else", async ({ page, watched }) => {
  await open(page);
  await page.evaluate(() => console.warn("a word"));
  await page.evaluate((url) => fetch(url).catch(() => {}), PAGES_URL);
  // A page without a policy can ask whom it likes.
  await page.goto(`${PAGES_URL}tests/browser/fixtures/empty.html`);
  await expect.poll(() => watched.problems().join("\n")).toMatch(/warning: a word/);
  expect(watched.problems().join("\n")).toMatch(/Content Security Policy/);
  expect(watched.problems().join("\n")).toContain(`to somebody else: ${PAGES_URL}`);
  watched.expect(/./s);
});

test("every text that the first part of the page draws is there from the start", async ({ page }) => {
  await page.goto("./?example=node-naive&lang=en");
  const undo = page.getByRole("button", { name: "Undo" }).first();
  await expect(undo).toHaveClass("btn icon");
  const blank = await page.locator("[class]").evaluateAll((all) => all.filter((one) => one.getAttribute("class").includes("\0")).length);
  expect(blank).toBe(0);
});
