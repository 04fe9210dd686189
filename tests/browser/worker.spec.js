// A worker that dies or does not end: the page stays usable, says what happened, and nothing is lost.
import {
  change, columns, editor, expect, expectRows, expectState, goTo, inspect, keep, open, openExample, row, test, text, toast,
} from "./lab.js";
import { link } from "./project.js";

/** Ends the worker as a trap would: by an error that nobody catches. */
async function kill(page) {
  const worker = page.workers()[0];
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error("killed by the test");
    });
  });
}

/** Makes the worker die of the next request, before it has answered. */
async function poison(page) {
  await page.workers()[0].evaluate(() => {
    self.onmessage = () => {
      throw new Error("killed by the test");
    };
  });
}

/** A step that works for seconds before its limit ends it. */
const ENDLESS = "RUN while true; do :; done";

/** Writes a line under the first one. */
async function addLine(page, line) {
  await goTo(page, page, "FROM node");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText(line);
}

test("a worker that dies at rest is replaced, and nothing is lost", async ({ page, watched }) => {
  watched.expect(/killed by the test/);
  await openExample(page, "node-naive");
  await change(page, "server.js", "\n// edited\n");
  await expectState(page, "COPY . /app", "miss");
  await keep(page, 2);
  await change(page, "server.js", "// edited again\n");
  await expectState(page, "COPY . /app", "miss");
  const before = page.workers()[0];
  await kill(page);
  await expect(toast(page, "The engine had to start anew. Your work is kept.")).toBeVisible();
  expect(page.workers()[0]).not.toBe(before);
  await expect(columns(page)).toHaveCount(3);
  // What is asked of it now is answered.
  await row(page, "WORKDIR /app").click();
  await expect(page.locator("#why-sentence")).toContainText("WORKDIR /app ran again only because");
  await inspect(page, "Files");
  await expect(page.locator("table.changes, .insp .against").first()).toBeVisible();
  // Nothing else went wrong: what the page asks the new one about, the new one has.
  expect(await page.locator(".toast.alarm").count()).toBeLessThan(2);
  // The new one answers, from the same records: the edit before the last is what was built.
  await change(page, "server.js", "// and again\n");
  await expectState(page, "npm install", "follows");
  await page.keyboard.press("Control+Enter");
  await expect(columns(page)).toHaveCount(4);
  await expectState(page, "npm install", "hit");
});

test("a worker that dies at work is replaced, and what it died of is not lost", async ({ page, watched }) => {
  watched.expect(/killed by the test/);
  await openExample(page, "node-naive");
  await poison(page);
  await goTo(page, page, "WORKDIR /app");
  await page.keyboard.insertText("/a");
  await expect(toast(page, "The engine had to start anew. Your work is kept.")).toBeVisible();
  // What is typed from here on is built again.
  await page.keyboard.insertText("/b");
  await expectState(page, "WORKDIR /app/a/b", "miss");
  await keep(page, 2);
});

test("a worker that dies again and again is given up; the work is there after a reload", async ({ page, watched }) => {
  watched.expect(/killed by the test/);
  await openExample(page, "node-naive");
  await change(page, "server.js", "\n// kept\n");
  await expectState(page, "COPY . /app", "miss");
  page.on("worker", (worker) => {
    worker.evaluate(() => {
      throw new Error("killed by the test");
    }).catch(() => {});
    worker.evaluate(() => setTimeout(() => {
      throw new Error("killed by the test");
    })).catch(() => {});
  });
  await kill(page);
  await expect(toast(page, "The engine does not start.")).toBeVisible();
  page.removeAllListeners("worker");
  await page.reload();
  await expectState(page, "COPY . /app", "miss");
  await expect(columns(page)).toHaveCount(2);
});

test("a RUN that does not end can be stopped; the page answers meanwhile", async ({ page }) => {
  await openExample(page, "node-naive");
  await addLine(page, ENDLESS);
  const stop = page.getByRole("button", { name: "Stop" });
  await expect(stop).toBeVisible();
  // The page is not what works: a frame comes while the work goes on, and keys are heard.
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await expect(stop).toBeVisible();
  await page.keyboard.press("?");
  await page.keyboard.insertText(" ");
  await stop.click();
  await expect(toast(page, "Stopped. Your work is kept.")).toBeVisible();
  await expect(stop).toHaveCount(0);
  await expect(columns(page)).toHaveCount(2);
  expect(await text(page)).toContain(ENDLESS);
  // Without the loop it goes on where it was.
  await goTo(page, page, "while true");
  await page.keyboard.press("Shift+Home");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Backspace");
  await expectRows(page, [
    "hit FROM node", "hit COPY . /app", "hit WORKDIR /app", "hit RUN npm install", "meta EXPOSE 80",
    'meta CMD ["node", "server.js"]',
  ]);
});

/** Opens what a link names in the page that is open. */
function follow(page, files) {
  return page.evaluate((hash) => { location.hash = hash; }, link(files));
}

/** An example with an edit. */
async function work(page) {
  await openExample(page, "node-naive");
  await change(page, "server.js", "\n// mine\n");
  await expectState(page, "COPY . /app", "miss");
}

/** The way back to it. */
async function takeBack(page) {
  await toast(page, "Your former work made room").getByRole("button", { name: "Undo" }).click();
  await expectState(page, "COPY . /app", "miss");
  await expect(columns(page)).toHaveCount(2);
}

test("a worker that dies while it opens a link is replaced; the link opens, and nothing is lost", async ({ page, watched }) => {
  watched.expect(/killed by the test/);
  await work(page);
  await poison(page);
  await follow(page, { Dockerfile: "FROM alpine\nRUN echo theirs\n" });
  await expect(toast(page, "The engine had to start anew. Your work is kept.")).toBeVisible();
  await expect(row(page, "echo theirs")).toBeVisible();
  await takeBack(page);
});

test("Stop while a link opens: its text is there, nothing is lost", async ({ page }) => {
  await work(page);
  await follow(page, { Dockerfile: `FROM alpine\n${ENDLESS}\n` });
  const stop = page.getByRole("button", { name: "Stop" });
  await stop.click();
  await expect(toast(page, "Stopped. Your work is kept.")).toBeVisible();
  await expect(editor(page)).toContainText(ENDLESS);
  await expect(stop).toHaveCount(0);
  await takeBack(page);
});

test("Stop while an example waits for its data: its files are there, and the next change builds", async ({ page }) => {
  await page.route("**/catalog/**", () => {});
  await open(page);
  await page.locator('[data-example="nginx-static"]').click();
  // Not the beginning of the worker is to be stopped, which takes its time on a busy machine.
  await expect(editor(page)).toContainText("FROM nginx");
  const stop = page.getByRole("button", { name: "Stop" });
  await stop.click();
  await expect(toast(page, "Stopped. Your work is kept.")).toBeVisible();
  await expect(editor(page)).toContainText("FROM nginx");
  await page.unroute("**/catalog/**");
  await goTo(page, page, "FROM nginx");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("RUN echo mine");
  await expectState(page, "RUN echo mine", "miss");
});

test("left alone, the loop ends at its limit and says so", async ({ page }) => {
  await openExample(page, "node-naive");
  await addLine(page, ENDLESS);
  await expect(row(page, "while true")).toHaveAttribute("data-state", "fail", { timeout: 40_000 });
  await expect(page.locator("pre.xc")).toContainText(/limit|steps/);
  await expect(editor(page)).toContainText("while true");
});

test("a build that does not end is not kept, and not begun again", async ({ page }) => {
  await open(page);
  await page.locator('[data-example="node-naive"]').click();
  await expect(columns(page)).toHaveCount(2);
  await addLine(page, ENDLESS);
  const stop = page.getByRole("button", { name: "Stop" });
  await expect(stop).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await stop.click();
  await expect(toast(page, "Stopped.")).toBeVisible();
  await page.reload();
  await expect(columns(page)).toHaveCount(2);
  await expect(editor(page)).toContainText(ENDLESS);
});
