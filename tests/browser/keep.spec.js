// What a person did is there the next time, and nothing takes its place without a way back.
import {
  change, columns, editor, expect, expectRows, expectState, file, goTo, keep, open, openExample, row, rows, stored, test,
  text, toast,
} from "./lab.js";
import { link } from "./project.js";

/** An example with an edit that was built and one that was not. */
async function work(page) {
  await openExample(page, "node-naive");
  await change(page, "server.js", "\n// built\n");
  await expectState(page, "COPY . /app", "miss");
  await keep(page, 2);
  await goTo(page, page, "WORKDIR /app");
  await page.keyboard.insertText("/mine");
  await expectState(page, "WORKDIR /app/mine", "miss");
}

/** The work is at hand, with its builds. */
async function expectWork(page) {
  await expectState(page, "WORKDIR /app/mine", "miss");
  await expect(columns(page)).toHaveCount(3);
  expect(await text(page)).toContain("WORKDIR /app/mine");
}

test("the work is there after a reload: files, builds, rows", async ({ page }) => {
  await work(page);
  const before = await rows(page);
  await stored(page, "WORKDIR /app/mine");
  await open(page);
  await expectRows(page, before);
  await expectWork(page);
  await page.locator('[data-path="server.js"]').click();
  await expect(editor(page)).toContainText("// built");
});

test("a reload right after a key loses nothing", async ({ page }) => {
  await openExample(page, "node-naive");
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await page.reload();
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await expect(editor(page)).toContainText("EXPOSE 8081");
  // It goes on from there.
  await goTo(page, page, "EXPOSE 8081");
  await page.keyboard.insertText("/udp");
  await expect(row(page, "EXPOSE 8081/udp")).toBeVisible();
});

/** From here on this page writes nothing to the database: it comes too late, as on a busy machine. */
function writesTooLate(page) {
  return page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("too late");
    };
  });
}

/** What a page that went left beside the database. */
const copy = (page) => page.evaluate(() => localStorage.getItem("dockerfile-lab.unsaved"));

test("what the database did not write before the page went is there", async ({ page }) => {
  await openExample(page, "node-naive");
  await stored(page, "EXPOSE 80");
  await writesTooLate(page);
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await page.reload();
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await expect(columns(page)).toHaveCount(2);
  // Once it is in the database the copy goes.
  await stored(page, "EXPOSE 8081");
  await expect.poll(() => copy(page)).toBe(null);
});

test("an older copy does not replace what was stored since", async ({ page }) => {
  await work(page);
  await writesTooLate(page);
  await goTo(page, page, "CMD");
  await page.keyboard.insertText(" # older");
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  const older = await copy(page);
  expect(older).toContain("# older");
  await page.reload();
  await expect(editor(page)).toContainText("# older");
  await expect(row(page, "# older")).toBeVisible();
  await goTo(page, page, "CMD");
  for (const _ of " # older") {
    await page.keyboard.press("Backspace");
  }
  await page.keyboard.insertText(" # newer");
  await stored(page, "# newer");
  await page.evaluate((text) => localStorage.setItem("dockerfile-lab.unsaved", text), older);
  await page.reload();
  await expect(editor(page)).toContainText("# newer");
  await expect(editor(page)).not.toContainText("# older");
});

test("a copy that cannot be read is given back, and what is stored is opened", async ({ page }) => {
  await work(page);
  await stored(page, "WORKDIR /app/mine");
  await page.evaluate(() => localStorage.setItem("dockerfile-lab.unsaved", '{"project":{"ver'));
  const given = page.waitForEvent("download");
  await page.reload();
  await expect(toast(page, "cannot be read")).toBeVisible();
  expect((await given).suggestedFilename()).toBe("dockerfile-lab-project.json");
  await expectWork(page);
  await expect.poll(() => copy(page)).toBe(null);
});

/** Reading from the database fails so many times in the pages that come, or until `window.mended`. */
function readsFail(page, times) {
  return page.addInitScript((times) => {
    const { get } = IDBObjectStore.prototype;
    let left = times;
    IDBObjectStore.prototype.get = function (...key) {
      if (!window.mended && left > 0) {
        left -= 1;
        throw new DOMException("a fault that passes", "UnknownError");
      }
      return get.apply(this, key);
    };
  }, times);
}

test("a read that fails once is done again", async ({ page }) => {
  await work(page);
  await stored(page, "WORKDIR /app/mine");
  await readsFail(page, 1);
  await page.reload();
  await expectWork(page);
});

test("what cannot be read is not written over, and is offered once it can be", async ({ page }) => {
  await work(page);
  await stored(page, "WORKDIR /app/mine");
  await readsFail(page, 1_000_000);
  await page.reload();
  await expect(toast(page, "cannot be used")).toBeVisible();
  await page.locator("[data-example=node-ordered]").first().click();
  await expect(row(page, "COPY package.json")).toBeVisible();
  await expect(toast(page, "could not be stored")).toBeVisible();
  // A page that goes leaves nothing that would be taken for newer.
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  expect(await copy(page)).toBe(null);
  await page.evaluate(() => { window.mended = true; });
  await stored(page, "WORKDIR /app/mine");
  await goTo(page, page, "CMD");
  await page.keyboard.insertText(" # other");
  await stored(page, "# other");
  await toast(page, "Your former work made room").getByRole("button", { name: "Undo" }).click();
  await expectWork(page);
});

test("a save that failed is made up for", async ({ page }) => {
  await openExample(page, "node-naive");
  await stored(page, "EXPOSE 80");
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function () {
      IDBObjectStore.prototype.put = put;
      throw new DOMException("a fault that passes", "UnknownError");
    };
  });
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await expect(toast(page, "could not be stored")).toBeVisible();
  // Nothing is typed since, and still it is not forgotten.
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  await stored(page, "EXPOSE 8081");
});

test("without room for a copy the database does it alone", async ({ page }) => {
  await work(page);
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  expect(await copy(page)).toBe(null);
  await stored(page, "WORKDIR /app/mine");
  await page.reload();
  await expectWork(page);
});

test("an example that the address names is opened once: a reload goes on with the work", async ({ page }) => {
  await open(page, "?example=node-naive&lang=en");
  await expect(columns(page)).toHaveCount(2);
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await page.reload();
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("an example that takes the place of work offers the way back", async ({ page }) => {
  await work(page);
  await page.locator(".picker > button").click();
  await page.getByRole("menuitem", { name: /nginx/ }).click();
  await expect(row(page, "FROM nginx")).toBeVisible();
  await toast(page, "The example is open.").getByRole("button", { name: "Undo" }).click();
  await expectWork(page);
  await stored(page, "WORKDIR /app/mine");
});

test("a link that takes the place of stored work offers the way back", async ({ page }) => {
  await work(page);
  await stored(page, "WORKDIR /app/mine");
  await page.goto("about:blank");
  await open(page, `?lang=en${link({ Dockerfile: "FROM alpine\nRUN echo theirs\n" })}`);
  await expect(row(page, "echo theirs")).toBeVisible();
  // The address no longer names it: a reload goes on with what is done from here.
  await expect.poll(() => new URL(page.url()).hash).toBe("");
  await toast(page, "Your former work made room").getByRole("button", { name: "Undo" }).click();
  await expectWork(page);
});

test("what is the same beginning needs no way back", async ({ page }) => {
  await openExample(page, "node-naive");
  await open(page, "?example=node-ordered&lang=en");
  await expect(row(page, "COPY package.json")).toBeVisible();
  await open(page, "?example=node-ordered&lang=en");
  await expect(row(page, "COPY package.json")).toBeVisible();
  await expect(toast(page, "Your former work")).toHaveCount(0);
});

test("starting over asks first, begins as the example did, and can be taken back", async ({ page }) => {
  await work(page);
  const ask = async () => {
    await page.locator(".picker > button").click();
    await page.getByRole("menuitem", { name: "Start over" }).click();
  };
  await ask();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expectWork(page);
  await ask();
  await page.getByRole("button", { name: "Start over", exact: true }).click();
  await expect(columns(page)).toHaveCount(2);
  await expectState(page, "WORKDIR /app", "hit");
  await toast(page, "Started over.").getByRole("button", { name: "Undo" }).click();
  await expectWork(page);
});

test("an empty project can be taken back too", async ({ page }) => {
  await work(page);
  await page.locator(".picker > button").click();
  await page.getByRole("menuitem", { name: "Empty project" }).click();
  await expect(file(page, "server.js")).toHaveCount(0);
  await expect(page.locator("[data-example]").first()).toBeVisible();
  await toast(page, "A new, empty project.").getByRole("button", { name: "Undo" }).click();
  await expectWork(page);
});

test("theme, language and density are remembered, and are none of the work", async ({ page }) => {
  await open(page);
  await page.getByRole("radio", { name: "한국어" }).click();
  await page.getByRole("button", { name: /테마/ }).click();
  const theme = await page.locator("html").getAttribute("data-theme");
  await open(page, "");
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  expect(await page.locator("html").getAttribute("data-theme")).toBe(theme);
});
