// What a keystroke costs, with contexts of three sizes, beside a page with nothing but a text field.
//
// * worker: in the worker, from the arrival of the request to the posting of its last reply: reading, building, writing;
// * answer: in the page, from the request's `postMessage` to the arrival of its last reply, so the same with both ways
//   and with what the page does in between, the frame that shows the typed character above all;
// * script: DevTools' `ScriptDuration` of the page, per key: the steadiest measure;
// * painted: from `beforeinput` to the frame after the last reply.
import { expect, test } from "@playwright/test";
import { appendFileSync, rmSync } from "node:fs";

import { contextOf, link } from "./project.js";

const { LAB_BENCH, PAGES_URL } = process.env;
const KEYS = 100;
const PAUSE = 100;
/** Keys before those that are measured: until then the browser compiles what turns out to be used often. */
const WARM = 60;

test.beforeAll(() => rmSync(LAB_BENCH, { force: true }));

/** Runs in the worker before it: notes how long it is busy with each request. */
function observeWorker() {
  self.busy = [];
  let began = 0;
  addEventListener("message", () => { began = performance.now(); });
  const post = self.postMessage.bind(self);
  self.postMessage = (data, ...rest) => {
    post(data, ...rest);
    if (data instanceof Uint8Array && data.at(-1) === 1) {
      self.busy.push(performance.now() - began);
    }
  };
}

/** Runs in the page before it: notes the times of keys, replies and frames. */
function observe() {
  window.noted = { answer: [], painted: [] };
  let key = 0;
  let sent = 0;
  // One channel for all keys: to make one takes as long as a twentieth of what is measured.
  const { port1, port2 } = new MessageChannel();
  const afterFrame = (done) => requestAnimationFrame(() => {
    port1.onmessage = done;
    port2.postMessage(0);
  });
  const painted = (from) => afterFrame(() => window.noted.painted.push(performance.now() - from));
  addEventListener("beforeinput", () => {
    key = performance.now();
    if (window.empty) {
      painted(key);
    }
  }, true);
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (...rest) {
    if (!this.noted) {
      this.noted = true;
      this.addEventListener("message", ({ data }) => {
        // A reply is bytes, and its last one says whether it ends the request.
        if (data instanceof Uint8Array && data.at(-1) === 1 && key) {
          window.noted.answer.push(performance.now() - sent);
          painted(key);
          key = 0;
        }
      });
    }
    sent = performance.now();
    return post.apply(this, rest);
  };
}

async function observed(page) {
  await page.addInitScript(observe);
  await page.route("**/worker_loader.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `(${observeWorker})();\n${await response.text()}` });
  });
}

async function type(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const script = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "ScriptDuration").value * 1000;
  };
  for (let key = 0; key < WARM; key += 1) {
    await page.keyboard.press("x", { delay: 5 });
    await page.waitForTimeout(PAUSE);
  }
  const [worker] = page.workers();
  await page.evaluate(() => Object.assign(window.noted, { answer: [], painted: [] }));
  await worker?.evaluate(() => { self.busy = []; });
  const before = await script();
  for (let key = 0; key < KEYS; key += 1) {
    await page.keyboard.press("x", { delay: 5 });
    await page.waitForTimeout(PAUSE);
  }
  // Before the rest, which asks for more than the keys did: the whole reason of a miss, and to save.
  const busy = await worker?.evaluate(() => self.busy);
  await page.waitForTimeout(500);
  const after = await script();
  return { ...(await page.evaluate(() => window.noted)), worker: busy, script: (after - before) / KEYS };
}

function note(what, measure, value) {
  expect(value).toBeGreaterThan(0);
  appendFileSync(LAB_BENCH, `${what}\t${measure}\t${value.toFixed(2)}\n`);
}

function at(values, part) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

test("an empty page", async ({ page }) => {
  await observed(page);
  await page.goto(`${PAGES_URL}tests/browser/fixtures/empty.html`);
  await page.evaluate(() => { window.empty = true; });
  await page.locator("textarea").focus();
  const { painted, script } = await type(page);
  note("empty page", "script", script);
  note("empty page", "painted p50", at(painted, 0.5));
  note("empty page", "painted p95", at(painted, 0.95));
});

for (const count of [10, 1_000, 10_000]) {
  test(`a context of ${count} files`, async ({ page }) => {
    await observed(page);
    await page.goto(`./${link(contextOf(count))}`);
    const line = page.locator(".cm-line", { hasText: "RUN echo built" });
    await line.waitFor({ timeout: 120_000 });
    await page.waitForTimeout(3_000);
    await page.keyboard.press("Control+Enter");
    await page.waitForTimeout(3_000);
    await line.click();
    await page.keyboard.press("End");
    const { worker, answer, painted, script } = await type(page);
    expect(worker.length).toBeGreaterThan(KEYS / 2);
    expect(answer.length).toBeGreaterThan(KEYS / 2);
    note(`${count} files`, "worker p50", at(worker, 0.5));
    note(`${count} files`, "worker p95", at(worker, 0.95));
    note(`${count} files`, "answer p50", at(answer, 0.5));
    note(`${count} files`, "answer p95", at(answer, 0.95));
    note(`${count} files`, "script", script);
    note(`${count} files`, "painted p50", at(painted, 0.5));
    note(`${count} files`, "painted p95", at(painted, 0.95));
  });
}
