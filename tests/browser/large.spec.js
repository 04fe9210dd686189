// A project with many files: what never changes is stored once, apart from what does.
import { readFileSync } from "node:fs";

import { command } from "./bring.js";
import { columns, editor, expect, goTo, open, openExample, readStore, row, stored, test, toast } from "./lab.js";
import { contextOf, link } from "./project.js";

const FILES = 300;

async function openLarge(page) {
  await open(page, `?lang=en${link(contextOf(FILES))}`);
  await expect(row(page, "RUN echo built")).toBeVisible();
  await type(page, "RUN echo built", " once");
  await stored(page, "RUN echo built once");
}

async function type(page, line, text) {
  await goTo(page, page, line);
  await page.keyboard.insertText(text);
  await expect(row(page, line + text)).toBeVisible();
}

/** The seals under which something is stored apart. */
function seals(page) {
  return page.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.open("dockerfile-lab");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const keys = request.result.transaction("layers").objectStore("layers").getAllKeys();
      keys.onsuccess = () => {
        request.result.close();
        resolve(keys.result);
      };
    };
  }));
}

test("many files are stored once, and come back", async ({ page }) => {
  await openLarge(page);
  const [seal, ...others] = await seals(page);
  expect(seal).toMatch(/^files-\d+-[0-9a-f]{16}$/);
  expect(others).toEqual([]);
  // What is written with every change is small.
  expect((await page.evaluate(readStore)).length).toBeLessThan(10_000);
  await page.reload();
  await expect(row(page, "RUN echo built once")).toBeVisible();
  await expect(row(page, "COPY . .")).toHaveAttribute("data-state", /hit|miss|follows/);
  // So many files are not all spread out at first.
  await expect(page.locator('[data-path="src/0"]')).toHaveCount(0);
  await page.locator('[data-path="src"]').click();
  await page.locator('[data-path="src/0"]').click();
  await page.locator('[data-path="src/0/file-100.txt"]').click();
  await expect(editor(page)).toContainText("0123456789abcdef");
  await page.locator('[data-path="Dockerfile"]').click();
  await type(page, "RUN echo built once", " more");
  await stored(page, "once more");
  expect(await seals(page)).toEqual([seal]);
});

test("a copy that a page leaves is small, and is enough", async ({ page }) => {
  await openLarge(page);
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("too late");
    };
  });
  await type(page, "RUN echo built once", " more");
  await page.reload();
  await expect(row(page, "RUN echo built once more")).toBeVisible();
  await expect(editor(page)).toContainText("RUN echo built once more");
});

test("files that nothing needs any more are deleted", async ({ page }) => {
  await openLarge(page);
  await openExample(page, "node-naive");
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await stored(page, "EXPOSE 8081");
  // What made room for the example is a project of its own, and needs them.
  expect(await seals(page)).toHaveLength(1);
  await command(page, "Projects in this browser");
  const projects = page.getByRole("dialog", { name: "Projects in this browser" }).getByRole("listitem");
  await expect(projects).toHaveCount(2);
  await projects.filter({ hasNotText: "in this tab" }).getByRole("button", { name: "Delete" }).click();
  await projects.getByRole("button", { name: "Delete for good" }).click();
  await expect(projects).toHaveCount(1);
  await page.keyboard.press("Escape");
  await goTo(page, page, "EXPOSE 8081");
  await page.keyboard.insertText("/udp");
  await stored(page, "EXPOSE 8081/udp");
  await expect.poll(() => seals(page)).toEqual([]);
});

test("files that are gone from the store are told of, and the rest is given back", async ({ page }) => {
  await openLarge(page);
  await page.evaluate(() => new Promise((resolve) => {
    const request = indexedDB.open("dockerfile-lab");
    request.onsuccess = () => {
      const write = request.result.transaction("layers", "readwrite");
      write.objectStore("layers").clear();
      write.oncomplete = () => {
        request.result.close();
        resolve();
      };
    };
  }));
  // Not by a reload, which leaves a copy.
  await page.evaluate(() => localStorage.removeItem("dockerfile-lab.unsaved"));
  const given = page.waitForEvent("download");
  await page.reload();
  await expect(toast(page, "the files of the project are not there")).toBeVisible();
  expect(readFileSync(await (await given).path(), "utf8")).toContain("RUN echo built once");
  await expect(page.locator("[data-example]").first()).toBeVisible();
});

test("a store of an earlier lab, with the files in it, is read", async ({ page }) => {
  await openLarge(page);
  const files = Object.entries(contextOf(FILES)).map(([path, text]) => ({ path, text }));
  // A file that is no page: browsers ask for an icon of their own with it.
  await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  await page.goto("./licenses.txt");
  await page.evaluate((text) => new Promise((resolve) => {
    const request = indexedDB.open("dockerfile-lab");
    request.onsuccess = () => {
      const write = request.result.transaction(["projects", "layers"], "readwrite");
      write.objectStore("layers").clear();
      write.objectStore("projects").put(text, "current");
      write.oncomplete = () => {
        request.result.close();
        resolve();
      };
    };
  }), JSON.stringify({ project: { version: 1, files } }));
  await page.evaluate(() => localStorage.clear());
  await open(page, "?lang=en");
  await expect(row(page, "RUN echo built")).toBeVisible();
  await expect(columns(page)).toHaveCount(1);
});
