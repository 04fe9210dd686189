// The whole road: a naive Dockerfile, the miss and its cause, the better order by keyboard, the hit, the timeline, a shared
// link in another browser profile, and the same in somebody else's page.
import {
  backToDockerfile, change, columns, digestsOf, editor, expect, expectRows, expectState, goTo, keep, lookAt, open, row,
  rows, test,
} from "./lab.js";

const { PAGES_URL } = process.env;

const MISSED = [
  "hit FROM node", "miss COPY . /app", "follows WORKDIR /app", "follows RUN npm install", "meta EXPOSE 80",
  'meta CMD ["node", "server.js"]',
];
const HELD = [
  "hit FROM node", "hit COPY package.json /app/", "hit WORKDIR /app", "hit RUN npm install", "miss COPY . /app",
  "meta EXPOSE 80", 'meta CMD ["node", "server.js"]',
];

/** Into the better order, by keyboard: a line for package.json, and COPY . down over WORKDIR and RUN. */
async function reorder(page, view) {
  await goTo(page, view, "FROM node");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("COPY package.json /app/");
  await goTo(page, view, "COPY . /app");
  await page.keyboard.press("Alt+ArrowDown");
  await page.keyboard.press("Alt+ArrowDown");
  await expect(editor(view).locator(".cm-line").nth(4)).toHaveText("COPY . /app");
}

/** The states of a build's cells on the timeline, from above. */
async function cells(page, build) {
  const column = page.locator(`[role="gridcell"][data-at$=" ${build - 1}"]`);
  return column.evaluateAll((all) => all.map((cell) => cell.getAttribute("aria-label")));
}

test("from the naive order to the better one", async ({ page, profile }) => {
  await open(page);
  await page.locator('[data-example="node-naive"]').click();
  // It comes with its first build.
  await expect(row(page, "npm install")).toBeVisible();
  await expect(columns(page)).toHaveCount(2);

  // An edit of server.js: COPY misses because of it, what comes after follows.
  await change(page, "server.js", "\n// edited\n");
  await expectRows(page, MISSED);
  await row(page, "COPY . /app").click();
  await expect(page.locator("#why-sentence")).toHaveText("COPY . /app missed because server.js changed, 1 of 4 matched files.");
  await row(page, "WORKDIR /app").click();
  await expect(page.locator("#why-sentence")).toContainText("WORKDIR /app ran again only because COPY . /app above it missed.");
  await row(page, "npm install").click();
  await expect(page.locator("#why-sentence")).toContainText("RUN npm install ran again only because COPY . /app above it missed.");
  await expect(row(page, "npm install").locator(".size")).toHaveText(/^\d+(\.\d+)? MB$/);
  await expect(row(page, "npm install").locator(".time")).toHaveText(/^\d+(\.\d+)? s$/);
  await expect(row(page, "COPY . /app").locator(".size")).toHaveText(/^\d+(\.\d+)? k?B$/);
  await expect(row(page, "COPY . /app").locator(".time")).toHaveText(/^\d+(\.\d+)? s$/);
  await keep(page, 2);

  await reorder(page, page);
  await keep(page, 3);
  await change(page, "server.js", "// edited again\n");
  await expectRows(page, HELD);
  await row(page, "npm install").click();
  await expect(page.locator("#why-sentence")).toContainText("RUN npm install is reused");
  await expect(row(page, "npm install").locator(".time")).toHaveText(/^saved\d+(\.\d+)? s$/);
  await keep(page, 4);

  // The timeline has four builds, and tells what was what in each.
  await expect(columns(page)).toHaveCount(5);
  await expect(page.locator(".time-p .head")).toContainText("4 builds");
  expect(await cells(page, 2)).toContain("build 2, RUN npm install, follows a miss");
  expect(await cells(page, 4)).toContain("build 4, RUN npm install, hit");
  await lookAt(page, 2);
  expect(await rows(page)).toEqual(MISSED);
  const first = await digestsOf(page, 1);
  const digests = await digestsOf(page, 4);
  expect(digests).not.toEqual(first);
  await page.keyboard.press("Escape");

  // The link, in another profile: the same builds, the same digests.
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const link = await page.locator("textarea.link").inputValue();
  const other = await profile({ locale: "en" });
  await other.goto(link);
  await expect(columns(other)).toHaveCount(5);
  await expectRows(other, await rows(page));
  expect(await digestsOf(other, 4)).toEqual(digests);
  expect(await digestsOf(other, 1)).toEqual(first);
});

test("an embed in a plain page tells the same", async ({ page, baseURL, watched }) => {
  watched.allow(PAGES_URL);
  await page.goto(`${PAGES_URL}tests/browser/fixtures/guide.html?lab=${encodeURIComponent(baseURL)}`);
  const lab = page.frameLocator("dockerfile-lab iframe");
  await expect(row(lab, "npm install")).toBeVisible();
  const height = () => page.locator("dockerfile-lab iframe").evaluate((frame) => frame.clientHeight);
  await expect.poll(height).toBeGreaterThan(200);
  const edit = async (text) => {
    await lab.getByRole("tab", { name: "server.js" }).click();
    await editor(lab).click();
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText(text);
    await backToDockerfile(lab);
  };
  await edit("\n// edited\n");
  await expectRows(lab, MISSED);
  await expect(lab.locator(".emb-l")).toContainText("COPY . /app missed because server.js changed");
  await reorder(page, lab);
  await page.keyboard.press("Control+Enter");
  await expectState(lab, "COPY . /app", "hit");
  await edit("// edited again\n");
  await expectRows(lab, HELD);
});

test("an embed starts over, and goes on in the whole lab with all that was done", async ({ page, context }) => {
  await open(page, "?embed&example=node-naive&lang=en");
  await expect(row(page, "npm install")).toBeVisible();
  await goTo(page, page, "WORKDIR /app");
  await page.keyboard.insertText("lication");
  await expectState(page, "WORKDIR /application", "miss");
  await page.keyboard.press("Control+Enter");
  await expectState(page, "WORKDIR /application", "hit");
  const opened = context.waitForEvent("page");
  await page.getByRole("button", { name: "Open in the lab" }).click();
  const whole = await opened;
  await expect(columns(whole)).toHaveCount(3);
  await expectState(whole, "WORKDIR /application", "hit");
  await page.getByRole("button", { name: "Reset" }).click();
  await expectState(page, "WORKDIR /app", "hit");
  await expect(row(page, "WORKDIR /application")).toHaveCount(0);
});
