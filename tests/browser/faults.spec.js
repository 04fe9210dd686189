// A store that fails: full, damaged, held by an older page. Nothing is lost, and what is wrong is said.
import { readFileSync, writeFileSync } from "node:fs";

import { LOG, command, drop, give } from "./bring.js";
import {
  columns, editor, expect, expectRows, expectState, goTo, open, openExample, readStore, row, stored, test, toast,
} from "./lab.js";
import { link } from "./project.js";

/**
 * Lets requests to the database fail in the pages that come, until `window.mended`: those of a method whose store and key are
 * of these patterns.
 */
function fails(page, method, store, key = ".*", name = "UnknownError") {
  return page.addInitScript(([method, store, key, name]) => {
    const real = IDBObjectStore.prototype[method];
    IDBObjectStore.prototype[method] = function (...words) {
      const about = String(words.at(method === "put" ? 1 : 0));
      if (!window.mended && this.name === store && new RegExp(`^${key}$`).test(about)) {
        throw new DOMException("a fault of the test", name);
      }
      return real.apply(this, words);
    };
  }, [method, store, key, name]);
}

const mend = (page) => page.evaluate(() => { window.mended = true; });

/** An archive of an image, as the page itself writes it. */
async function archive(profile) {
  const page = await profile();
  await open(page, `?lang=en${link({ Dockerfile: "FROM scratch\nCOPY small /\n", small: "text\n" })}`);
  await expect(row(page, "COPY small /")).toBeVisible();
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const started = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download lab.tar" }).click();
  const path = await (await started).path();
  const bytes = readFileSync(path);
  await page.close();
  return bytes;
}

/** A project with a loaded image. */
async function withImage(page, profile, testInfo) {
  const path = testInfo.outputPath("image.tar");
  writeFileSync(path, await archive(profile));
  await give(page, path, () => command(page, "Load an image"));
  await page.getByRole("dialog").getByRole("button", { name: "Build FROM it" }).click();
  await expectRows(page, ["miss FROM lab"]);
}

test("a full store says so, and what is done goes on; once there is room all of it is stored", async ({ page }) => {
  await fails(page, "put", "projects", ".*", "QuotaExceededError");
  await openExample(page, "node-naive");
  await expect(toast(page, "The project could not be stored in this browser. a fault of the test")).toBeVisible();
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await mend(page);
  await goTo(page, page, "EXPOSE 8081");
  await page.keyboard.insertText("/udp");
  await stored(page, "EXPOSE 8081/udp");
});

test("a store that is full at the commit says so too", async ({ page }) => {
  await page.addInitScript(() => {
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (...words) {
      const begun = transaction.apply(this, words);
      if (!window.mended && words[1] === "readwrite") {
        // As where the disk is full: every request is answered, and then nothing is kept.
        setTimeout(() => begun.abort());
      }
      return begun;
    };
    const { commit } = IDBTransaction.prototype;
    IDBTransaction.prototype.commit = function () {
      return window.mended ? commit.apply(this) : this.abort();
    };
  });
  await openExample(page, "node-naive");
  await expect(toast(page, "The project could not be stored in this browser.")).toBeVisible();
  await mend(page);
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await stored(page, "EXPOSE 8081");
});

test("where there is no room for an image the rest is stored, and that is said once", async ({ page, profile }, testInfo) => {
  await fails(page, "put", "layers", ".*", "QuotaExceededError");
  await open(page);
  await withImage(page, profile, testInfo);
  await expect(toast(page, "there was no room for a loaded image")).toBeVisible();
  await stored(page, "FROM lab");
  await toast(page, "there was no room").getByRole("button", { name: "Close" }).click();
  await goTo(page, page, "FROM lab");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("ENV A=b");
  await stored(page, "ENV A=b");
  await expect(toast(page, "there was no room")).toHaveCount(0);
});

test("layers that cannot be read are said, and not written over", async ({ page, profile }, testInfo) => {
  await open(page);
  await withImage(page, profile, testInfo);
  await stored(page, "FROM lab");
  await stored(page, '"after":0');
  await fails(page, "get", "layers");
  await page.reload();
  await expect(toast(page, "The store of this browser cannot be used. a fault of the test")).toBeVisible();
  await expect(editor(page)).toContainText("FROM lab");
  await goTo(page, page, "FROM lab");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("ENV A=b");
  await expect(toast(page, "could not be stored")).toBeVisible();
  await mend(page);
  // What was stored comes back as a whole.
  await goTo(page, page, "ENV A=b");
  await page.keyboard.insertText("c");
  await toast(page, "Your former work made room").getByRole("button", { name: "Undo" }).click();
  await expectRows(page, ["miss FROM lab"]);
});

test("nothing takes the place of what cannot be read before that is put aside", async ({ page }) => {
  await openExample(page, "node-naive");
  await stored(page, "node-naive");
  await page.goto("about:blank");
  await open(page, "?lang=en");
  // Damaged while nobody looks, by who knows what.
  await page.evaluate(() => new Promise((resolve) => {
    indexedDB.open("dockerfile-lab").onsuccess = ({ target }) => {
      const write = target.result.transaction("projects", "readwrite");
      write.objectStore("projects").put(new TextEncoder().encode('{"project":{"ver'), "current");
      write.oncomplete = () => resolve(target.result.close());
    };
  }));
  await fails(page, "put", "projects", "unreadable.*");
  const given = page.waitForEvent("download");
  await page.reload();
  await expect(toast(page, "cannot be read")).toBeVisible();
  expect((await given).suggestedFilename()).toBe("dockerfile-lab-project.json");
  await page.locator("[data-example=web-ping]").first().click();
  await expect(columns(page)).toHaveCount(2);
  await expect(toast(page, "could not be stored")).toBeVisible();
  expect(await page.evaluate(readStore)).toBe('{"project":{"ver');
  await mend(page);
  await goTo(page, page, "CMD");
  await page.keyboard.insertText(" # mended");
  await stored(page, "# mended");
  expect(await page.evaluate(readStore, { all: true })).toContain('{"project":{"ver');
});

/** A page of an older lab, which holds the database open. */
async function olderPage(page, baseURL) {
  const older = await page.context().newPage();
  await older.goto(`${baseURL}licenses.txt`);
  await older.evaluate(() => new Promise((resolve) => {
    const request = indexedDB.open("dockerfile-lab", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("projects");
    request.onsuccess = () => {
      window.held = request.result;
      resolve();
    };
  }));
  return older;
}

test("what the store cannot do is said in the language of the page", async ({ page, baseURL, watched }) => {
  watched.expect(/404/);
  await olderPage(page, baseURL);
  await open(page, "?example=node-naive&lang=ko");
  await expect(toast(page, "다른 탭이 이전 버전을 열어 두고 있습니다.")).toBeVisible();
});

test("an older page that holds the database says why nothing is stored; once it is gone everything is", async ({ page, baseURL, watched }) => {
  // A text has no icon.
  watched.expect(/404/);
  const older = await olderPage(page, baseURL);
  await open(page, "?example=node-naive&lang=en");
  await expect(toast(page, "Another tab holds an older version of it open.")).toBeVisible();
  await expect(columns(page)).toHaveCount(2);
  await older.close();
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await stored(page, "EXPOSE 8081");
});

test("a log that is read can be given up: nothing comes of it", async ({ page }, testInfo) => {
  const path = testInfo.outputPath("build.log");
  writeFileSync(path, LOG);
  await openExample(page, "node-naive");
  await page.evaluate(() => {
    const { slice } = Blob.prototype;
    Blob.prototype.slice = function (...words) {
      const piece = slice.apply(this, words);
      const whole = piece.size === this.size && words[1] === this.size;
      const { arrayBuffer } = piece;
      if (whole) {
        // A slow disk.
        piece.arrayBuffer = async () => {
          await new Promise((resolve) => { window.come = resolve; });
          return arrayBuffer.apply(piece);
        };
      }
      return piece;
    };
  });
  await give(page, path, () => command(page, "Open the log"));
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.evaluate(() => window.come());
  await expect(toast(page, "Loading was stopped")).toBeVisible();
  await expect(columns(page)).toHaveCount(2);
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a log of which the worker dies is given up and said; the next one is read", async ({ page, watched }, testInfo) => {
  watched.expect(/killed by the test/);
  const path = testInfo.outputPath("build.log");
  writeFileSync(path, LOG);
  await openExample(page, "node-naive");
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await page.workers()[0].evaluate(() => {
    const answer = self.onmessage;
    self.onmessage = (event) => {
      if (new TextDecoder().decode(event.data).includes("[internal] load build definition")) {
        throw new Error("killed by the test");
      }
      return answer(event);
    };
  });
  await give(page, path, () => command(page, "Open the log"));
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("alert")).toContainText("build.log is no log of a build");
  await expect(dialog.getByRole("alert")).toContainText("the engine was stopped");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(columns(page)).toHaveCount(2);
  await expectState(page, "EXPOSE 8081", "meta");
  await give(page, path, () => command(page, "Open the log"));
  await expect(columns(page)).toHaveCount(3);
});

test("what is damaged is said when it is dropped, with its place, and can still be a file", async ({ page, profile }, testInfo) => {
  const image = await archive(profile);
  const write = (name, bytes) => {
    const path = testInfo.outputPath(name);
    writeFileSync(path, bytes);
    return path;
  };
  const header = Buffer.from(image);
  header[0] ^= 1;
  const plain = Buffer.concat([tarEntry("notes/first.txt", 600), Buffer.alloc(1024), tarEntry("notes/second.txt", 5000)]);
  const cases = [
    [write("header.tar", header), "at byte 0 there is nothing that begins an entry"],
    [write("cut.tar", plain.subarray(0, 512 + 1024 + 512)), "it ends at byte 2048, within notes/second.txt"],
    [write("odd.tar", Buffer.concat([plain.subarray(0, 512 + 1024), Buffer.alloc(512, 7)])), "at byte 1536 there is nothing"],
    [write("words.tar", "no archive at all\n"), "at byte 0 there is nothing"],
    [write("packed.tar.gz", Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])), "cannot be unpacked"],
    [write("build.json", JSON.stringify(JSON.parse(LOG.split("\n")[0]), null, 2)), "no line begins as one of them does"],
  ];
  await openExample(page, "web-ping");
  for (const [path, said] of cases) {
    await drop(page, ".sheet", path);
    const dialog = page.getByRole("dialog", { name: "This cannot be read" });
    await expect(dialog.getByRole("alert")).toContainText(said);
    await expect(dialog).toContainText(path.split("/").at(-1));
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await expect(dialog).toHaveCount(0);
  }
  await expect(page.getByRole("button", { name: "Undo", exact: true }).first()).toBeDisabled();
  await drop(page, ".tree", cases[1][0]);
  await page.getByRole("dialog").getByRole("button", { name: "Add it as a file" }).click();
  await expect(page.locator('[role="treeitem"][data-path="cut.tar"]')).toBeVisible();
});

test("a log that a shell wrote in UTF-16 is a log", async ({ page }, testInfo) => {
  const path = testInfo.outputPath("build.log");
  writeFileSync(path, Buffer.from(`\ufeff${LOG}`, "utf16le"));
  await openExample(page, "node-naive");
  await drop(page, ".sheet", path);
  await page.getByRole("dialog").getByRole("button", { name: "Show the build" }).click();
  await expect(columns(page)).toHaveCount(3);
});

/** The header of an entry of a tar. */
function tarEntry(path, size) {
  const block = Buffer.alloc(512);
  block.write(path);
  block.write("0000644\0", 100);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\x0000", 257);
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
