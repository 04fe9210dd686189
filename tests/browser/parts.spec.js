// The deferred parts of the modules: what a browser fetches until a person does something, and what comes when it is needed.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { editor, expect, goTo, open, row, rows, test } from "./lab.js";

const PART = /\/(app|worker)\.\w+-\w+\.wasm$/;

/** Which parts were fetched, such as `worker.more`. */
function parts({ requests }) {
  const names = requests.map((url) => PART.exec(url)?.[0].slice(1).split("-")[0]);
  return [...new Set(names.filter(Boolean))].sort();
}

/** Waits until the page rests, and for as long again: nothing may follow by itself. */
async function rest(page) {
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(2000);
}

/** For the size budgets: writes down what was fetched, one path below the page's address per line. */
function writeDown(file, { requests }, baseURL) {
  if (file) {
    const below = requests.filter((url) => url.startsWith(baseURL)).map((url) => url.slice(baseURL.length));
    const paths = below.map((path) => path.replace(/[?#].*/, "") || "index.html");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${[...new Set(paths)].sort().join("\n")}\n`);
  }
}

test("a page at rest did not fetch what it does not need", async ({ page, baseURL, watched }) => {
  await open(page, "");
  await rest(page);
  expect(parts(watched)).toEqual([]);
  writeDown(process.env.LAB_FIRST_LOAD, watched, baseURL);
});

const RESTING = [
  ["in Korean", "?lang=ko", { width: 1440, height: 900 }],
  ["on a phone", "?lang=en&theme=dark", { width: 368, height: 720 }],
  ["between both", "?lang=en", { width: 900, height: 700 }],
];
for (const [how, address, viewport] of RESTING) {
  test(`nor did it ${how}`, async ({ page, watched }) => {
    await page.setViewportSize(viewport);
    await open(page, address);
    await expect(page.locator("[data-example]").first()).toBeVisible();
    await rest(page);
    expect(parts(watched)).toEqual([]);
    // What helps in typing waits for a person too.
    expect(watched.requests.filter((url) => url.includes("/completion-"))).toEqual([]);
  });
}

test("the first verdicts need the builder, and nothing of RUN", async ({ page, baseURL, watched }) => {
  await open(page, "?example=web-ping");
  await expect.poll(() => rows(page)).toContain("hit COPY app.js .");
  await rest(page);
  expect(parts(watched)).toEqual(["app.more", "worker.build"]);
  writeDown(process.env.LAB_FIRST_VERDICTS, watched, baseURL);
});

test("a RUN has its commands fetched, a key its dialog", async ({ page, watched }) => {
  await open(page, "?lang=en&example=web-ping");
  await expect(row(page, "COPY app.js .")).toBeVisible();
  await goTo(page, page, "COPY app.js .");
  await page.keyboard.insertText("\nRUN echo one > /x && sed -i s/one/two/ /x && find / -name x -exec cat {} +");
  await expect(row(page, "RUN echo one")).toHaveAttribute("data-state", "miss");
  expect(parts(watched)).toEqual(["app.more", "worker.build", "worker.more", "worker.utilities"]);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
});

test("a part that cannot be fetched costs nothing but patience", async ({ page, watched }) => {
  watched.expect(/worker\.more-|part\/unreachable/);
  await page.route("**/worker.more-*.wasm", (route) => route.abort());
  await open(page, "?lang=en&example=web-ping");
  await expect(row(page, "COPY app.js .")).toBeVisible();
  await goTo(page, page, "COPY app.js .");
  await page.keyboard.insertText("\nRUN sed -n p /etc/passwd");
  await expect(page.locator(".toast.alarm")).toContainText("A part of the engine could not be fetched.");
  await expect(editor(page)).toContainText("RUN sed -n p /etc/passwd");

  await page.unroute("**/worker.more-*.wasm");
  await page.keyboard.insertText(" /etc/group");
  await expect(row(page, "RUN sed -n p /etc/passwd /etc/group")).toHaveAttribute("data-state", "miss");
});

test("the page says when it cannot fetch a part of itself", async ({ page, watched }) => {
  watched.expect(/app\.more-|part\/unreachable|Failed to load resource/);
  await page.route("**/app.*-*.wasm", (route) => route.abort());
  await open(page, "?lang=en");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("alert")).toContainText("Check the connection, then reload the page.");
});
