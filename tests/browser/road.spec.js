// The whole road: a naive Dockerfile, the miss and its cause, the better order by keyboard, the hit, the timeline, a shared
// link in another browser profile, and the same in somebody else's page.
import { expect, test } from "@playwright/test";

import { columns, editor, expectRows, goTo, keep, open, row, watch } from "./lab.js";

const { PAGES_URL } = process.env;

async function openFile(page, name) {
  await page.getByRole("treeitem", { name }).click();
  await expect(page.getByRole("tab", { name, selected: true })).toBeVisible();
}

/** Adds a line at the end of a file, and goes back to the Dockerfile. */
async function change(page, name, text) {
  await openFile(page, name);
  await editor(page).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(text);
  await page.getByRole("tab", { name: "Dockerfile" }).click();
}

/** The digests of a build's layers, as its rows show them. */
async function digestsOf(page, build) {
  await columns(page).nth(build - 1).click();
  await expect(page.locator(".past-bar")).toContainText(`#${build}`);
  const shown = page.locator("ol.steps .dig");
  await expect.poll(async () => (await shown.allTextContents()).filter(Boolean).length).toBeGreaterThan(3);
  return shown.allTextContents();
}

test("from the naive order to the better one", async ({ page, browser, baseURL }) => {
  const seen = watch(page);
  await open(page, "?lang=en");
  await page.locator('[data-example="node-naive"]').click();
  // It comes with its first build.
  await expect(row(page, "npm install")).toBeVisible();
  await expect(columns(page)).toHaveCount(2);

  // An edit of server.js: COPY misses because of it, what comes after follows.
  await change(page, "server.js", "\n// edited\n");
  await expectRows(page, [
    "hit FROM node", "miss COPY . /app", "follows WORKDIR /app", "follows RUN npm install", "meta EXPOSE 80",
    'meta CMD ["node", "server.js"]',
  ]);
  await row(page, "COPY . /app").click();
  await expect(page.locator("#why-sentence")).toContainText("server.js");
  await expect(row(page, "npm install").locator(".size")).toContainText(/\d/);
  await expect(row(page, "npm install").locator(".time")).toContainText("s");
  await keep(page, 2);

  // Into the better order by keyboard: a line for package.json, and COPY . down over WORKDIR and RUN.
  await goTo(page, page, "FROM node");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("COPY package.json /app/");
  await goTo(page, page, "COPY . /app");
  await page.keyboard.press("Alt+ArrowDown");
  await page.keyboard.press("Alt+ArrowDown");
  await expect(editor(page).locator(".cm-line").nth(4)).toHaveText("COPY . /app");
  await keep(page, 3);
  await change(page, "server.js", "// edited again\n");
  await expectRows(page, [
    "hit FROM node", "hit COPY package.json /app/", "hit WORKDIR /app", "hit RUN npm install", "miss COPY . /app",
    "meta EXPOSE 80", 'meta CMD ["node", "server.js"]',
  ]);
  await keep(page, 4);
  await expect(columns(page)).toHaveCount(5);
  const digests = await digestsOf(page, 4);
  await page.keyboard.press("Escape");

  // The link, in another profile: the same builds, the same digests.
  await page.getByRole("button", { name: "Share" }).click();
  const link = await page.locator("textarea.link").inputValue();
  const other = await (await browser.newContext()).newPage();
  await other.goto(link);
  await expect(columns(other)).toHaveCount(5);
  expect(await digestsOf(other, 4)).toEqual(digests);
  expect(seen.problems).toEqual([]);
  expect(seen.requests.filter((url) => !url.startsWith(baseURL) && !url.startsWith("data:"))).toEqual([]);
});

test("an embed in a plain page tells the same", async ({ page, baseURL }) => {
  await page.goto(`${PAGES_URL}tests/browser/fixtures/embed.html?lab=${encodeURIComponent(baseURL)}`);
  await page.locator("#second").scrollIntoViewIfNeeded();
  await page.evaluate(() => document.getElementById("second").removeAttribute("readonly"));
  await page.locator("#second button").click();
  const lab = page.frameLocator("#second iframe");
  await expect(row(lab, "npm install")).toBeVisible();
  await expect.poll(() => page.locator("#second iframe").evaluate((frame) => frame.clientHeight)).toBeGreaterThan(200);
  await goTo(page, lab, "FROM node");
  await page.keyboard.press("Control+Enter");
  await expect(row(lab, "npm install")).toHaveAttribute("data-state", "hit");
  await lab.getByRole("tab", { name: "server.js" }).click();
  await editor(lab).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("\n// edited\n");
  await lab.getByRole("tab", { name: "Dockerfile" }).click();
  await expect(row(lab, "COPY . /app")).toHaveAttribute("data-state", "miss");
  await expect(row(lab, "npm install")).toHaveAttribute("data-state", "follows");
});

test("the work survives a reload", async ({ page }) => {
  await open(page, "?lang=en");
  await page.locator('[data-example="node-naive"]').click();
  await expect(columns(page)).toHaveCount(2);
  await change(page, "server.js", "\n// kept\n");
  await expect(row(page, "COPY . /app")).toHaveAttribute("data-state", "miss");
  await page.waitForTimeout(1_500);
  await open(page);
  await expect(row(page, "COPY . /app")).toHaveAttribute("data-state", "miss");
  await expect(columns(page)).toHaveCount(2);
});

test("a damaged link is told, and the lab opens", async ({ page }) => {
  await open(page, "?lang=en#1.AAAA");
  await expect(page.getByText(/link/i).first()).toBeVisible();
  await expect(page.locator('[data-example]').first()).toBeVisible();
});
