// A link or a store that this lab cannot read: a clear message, the lab opens, and nothing is lost.
import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";

import { change, columns, expect, expectState, file, open, openExample, readStore, row, stored, test, toast } from "./lab.js";
import { link } from "./project.js";

/** A fragment of any value. */
const fragment = (value) => `#1.${deflateRawSync(JSON.stringify(value)).toString("base64url")}`;

const PROJECT = {
  version: 1, name: "", at: 1_700_000_000, files: [{ path: "Dockerfile", text: "FROM alpine\n" }], builds: [], draft: [],
  draftAt: 0,
};

const LINKS = {
  "a newer form": ["#2.AAAA", "made by a newer lab"],
  "a newer project": [fragment({ ...PROJECT, version: 99 }), "made by a newer lab"],
  "a link that was cut": [link({ Dockerfile: `FROM alpine\n${"RUN echo a b c d\n".repeat(9)}` }).slice(0, -12), "damaged"],
  "no packed bytes": ["#1.AAAA", "damaged"],
  "signs that no link has": ["#1.%%%", "damaged"],
  "no project": [fragment(["a", "list"]), "damaged"],
  "a project without sense": [fragment({ ...PROJECT, head: 7 }), "damaged"],
};

for (const [what, [address, message]] of Object.entries(LINKS)) {
  test(`${what}: told, and the lab opens`, async ({ page, watched }) => {
    watched.expect(/^warning/);
    await open(page, `?lang=en${address}`);
    await expect(toast(page, message)).toBeVisible();
    await expect(page.locator("[data-example]").first()).toBeVisible();
    // It works.
    await page.locator('[data-example="node-naive"]').click();
    await expectState(page, "npm install", "hit");
  });
}

for (const what of ["a newer form", "a project without sense"]) {
  test(`${what}: the work of this browser stays`, async ({ page, watched }) => {
    watched.expect(/^warning/);
    await openExample(page, "node-naive");
    await change(page, "server.js", "\n// mine\n");
    await stored(page, "// mine");
    await page.goto("about:blank");
    await open(page, `?lang=en${LINKS[what][0]}`);
    await expect(toast(page, LINKS[what][1])).toBeVisible();
    await expectState(page, "COPY . /app", "miss");
    await expect(columns(page)).toHaveCount(2);
    await open(page);
    await expectState(page, "COPY . /app", "miss");
  });
}

test("a link that is put into the address of the open lab is opened, with a way back", async ({ page }) => {
  await openExample(page, "node-naive");
  await change(page, "server.js", "\n// mine\n");
  await expectState(page, "COPY . /app", "miss");
  await page.evaluate((hash) => location.assign(hash), link({ Dockerfile: "FROM alpine\nRUN echo theirs\n" }));
  await expect(row(page, "echo theirs")).toBeVisible();
  expect(new URL(page.url()).hash).toBe("");
  await toast(page, "Your former work made room").getByRole("button", { name: "Undo" }).click();
  await expectState(page, "COPY . /app", "miss");
});

test("a link without sense in the address of the open lab leaves the work alone", async ({ page }) => {
  await openExample(page, "node-naive");
  await change(page, "server.js", "\n// mine\n");
  await expectState(page, "COPY . /app", "miss");
  await page.evaluate((hash) => location.assign(hash), LINKS["a project without sense"][0]);
  await expect(toast(page, "damaged")).toBeVisible();
  await expectState(page, "COPY . /app", "miss");
  await expect(columns(page)).toHaveCount(2);
});

/** Puts a text where the lab stores its work, while no lab is open. */
async function plant(page, planted) {
  await open(page);
  await expect(page.locator("[data-example]").first()).toBeVisible();
  // A file that is no page: browsers ask for an icon of their own with it.
  await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  await page.goto("./licenses.txt");
  await page.evaluate((text) => new Promise((resolve, reject) => {
    const request = indexedDB.open("dockerfile-lab");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const write = request.result.transaction("projects", "readwrite");
      write.objectStore("projects").put(text, "current");
      write.oncomplete = () => {
        request.result.close();
        resolve();
      };
    };
  }), planted);
}

test("a store of an earlier lab, with fewer fields, is read", async ({ page }) => {
  const project = { version: 1, files: [{ path: "Dockerfile", text: "FROM alpine\nRUN echo old\n" }] };
  await plant(page, JSON.stringify({ project }));
  await open(page);
  await expect(row(page, "echo old")).toBeVisible();
});

for (const [what, planted] of Object.entries({
  "a damaged store": '{"project": {"version": 1, "files": [{"path": "Dockerfile", "text": "FROM alp',
  "a store without sense": JSON.stringify({ project: { ...PROJECT, head: 7 } }),
  "a store of a newer lab": JSON.stringify({ project: { ...PROJECT, version: 99, novelty: true } }),
})) {
  test(`${what}: told, given to the person as a file, and the lab opens`, async ({ page }) => {
      await plant(page, planted);
    const given = page.waitForEvent("download");
    await open(page);
    await expect(toast(page, "What this browser had stored cannot be read")).toBeVisible();
    const download = await given;
    expect(readFileSync(await download.path(), "utf8")).toBe(planted);
    await page.locator('[data-example="node-naive"]').click();
    await expectState(page, "npm install", "hit");
    await expect(file(page, "server.js")).toBeVisible();
    await stored(page, "server.js");
    expect(await page.evaluate(readStore)).toContain("npm install");
  });
}
