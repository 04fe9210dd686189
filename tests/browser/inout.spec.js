// What leaves the lab and what comes in: archives of images, build contexts, the logs of builds made elsewhere.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

import AxeBuilder from "@axe-core/playwright";

import {
  columns, editor, expect, expectRows, file, goTo, inspect, keep, lookAt, open, openExample, row, stored, test, text, toast,
} from "./lab.js";
import { LOG, command, drop, give } from "./bring.js";
import { link } from "./project.js";

/** A project whose image has all its bytes, and a file that is too large to be kept by who loads it. */
const SCRATCH = link({
  Dockerfile: "FROM scratch\nCOPY small /deep/\nCOPY large /\nENV A=b\n",
  small: "text\n",
  large: "0123456789abcdef".repeat(20_000),
});

/** What a download holds, as a file on the disk. */
async function downloaded(page, act) {
  const started = page.waitForEvent("download");
  await act();
  const download = await started;
  return { name: download.suggestedFilename(), path: await download.path() };
}

/** An archive of an image with two layers, as the page itself writes it. */
async function archive(profile, kind = "lab.tar") {
  const page = await profile();
  await open(page, `?lang=en${SCRATCH}`);
  await expect(row(page, "COPY large /")).toBeVisible();
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const { path } = await downloaded(page, () => page.getByRole("button", { name: `Download ${kind}` }).click());
  await page.close();
  return path;
}

/** Fails with everything that axe finds. */
async function sound(page, state) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`), state).toEqual([]);
}


test("an image is taken away as an archive that other tools read", async ({ page }) => {
  await open(page, `?lang=en${SCRATCH}`);
  await expect(row(page, "COPY large /")).toBeVisible();
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("docker load -i lab.tar");
  await expect(dialog).toContainText("docker build -t lab - < context.tar");
  await sound(page, "export");
  for (const [name, entry] of [["lab.tar", "manifest.json"], ["lab.oci.tar", "oci-layout"], ["context.tar", "Dockerfile"]]) {
    const taken = await downloaded(page, () => dialog.getByRole("button", { name: `Download ${name}` }).click());
    expect(taken.name).toBe(name);
    expect(execFileSync("tar", ["-tf", taken.path]).toString().split("\n")).toContain(entry);
  }
  await dialog.getByRole("button", { name: "Copy" }).first().click();
  await expect(toast(page, "Copied")).toBeVisible();
});

test("an image with simulated files says which, and what to do instead", async ({ page }) => {
  await openExample(page, "node-naive");
  await command(page, "Export");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("note")).toContainText("They belong to the base image node");
  await expect(dialog.getByRole("note")).toContainText("Take the build context instead");
  await expect(dialog.getByRole("button", { name: "Download node-naive.tar" })).toBeDisabled();
  await sound(page, "export of a simulated image");
  const context = await downloaded(page, () => dialog.getByRole("button", { name: "Download context.tar" }).click());
  expect(execFileSync("tar", ["-tf", context.path]).toString()).toContain("server.js");
  await page.keyboard.press("Escape");
  // Of a build that was kept there is the log too.
  await lookAt(page, 1);
  await command(page, "Export");
  const log = await downloaded(page, () => page.getByRole("button", { name: "Download node-naive.rawjson" }).click());
  expect(JSON.parse(readFileSync(log.path, "utf8").split("\n")[0]).vertexes.length).toBeGreaterThan(3);
});

for (const [what, pack] of [["plain", (bytes) => bytes], ["compressed", (bytes) => gzipSync(bytes)]]) {
  test(`a ${what} archive that is dropped becomes an image to build from`, async ({ page, profile }, testInfo) => {
    const path = testInfo.outputPath(what === "plain" ? "made.tar" : "made.tar.gz");
    writeFileSync(path, pack(readFileSync(await archive(profile))));
    await open(page, "?lang=en");
    await expect(page.locator("[data-example]").first()).toBeVisible();
    await drop(page, ".sheet", path);
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("This archive holds an image");
    await sound(page, "the question");
    await dialog.getByRole("button", { name: "Load the image" }).click();
    await expect(dialog).toContainText("The image is loaded");
    await expect(dialog).toContainText("layers: 2");
    await expect(dialog).toContainText("320 kB in 1 of the files");
    await sound(page, "loaded");
    await dialog.getByRole("button", { name: "Build FROM it" }).click();
    await expectRows(page, ["miss FROM lab"]);
    await goTo(page, page, "FROM lab");
    await page.keyboard.insertText("\nCOPY --from=lab /large /copy");
    await expect(row(page, "COPY --from=lab /large /copy")).toContainText("320 kB");
  });
}

test("a loaded image is looked into, survives a reload, is removed and comes back", async ({ page, profile }) => {
  const path = await archive(profile, "lab.oci.tar");
  await open(page, "?lang=en");
  await give(page, path, () => command(page, "Load an image"));
  await page.getByRole("dialog").getByRole("button", { name: "Build FROM it" }).click();
  await expectRows(page, ["miss FROM lab"]);
  await stored(page, '"after":0');
  const saved = await page.evaluate(readLayers);
  expect(saved.layers).toHaveLength(2);
  expect(saved.project).not.toContain('"base64":"dGV4dAo="');
  await page.reload();
  await expectRows(page, ["miss FROM lab"]);

  await inspect(page, "Images");
  await page.getByRole("button", { name: "Look into lab:latest" }).first().click();
  const dialog = page.getByRole("dialog", { name: "lab:latest" });
  await expect(dialog).toContainText("COPY small /deep/ # buildkit");
  await expect(dialog).toContainText("Loaded from an archive");
  await sound(page, "an image: history");
  await dialog.getByRole("tab", { name: "Layers" }).click();
  await dialog.getByRole("button", { name: "COPY small /deep/" }).click();
  await expect(dialog).toContainText("/deep/small");
  await expect(dialog).toContainText("Of 1 of the files only size and digest");
  await sound(page, "an image: layers");
  await dialog.getByRole("tab", { name: "Configuration" }).click();
  await expect(dialog.locator("pre")).toContainText('"A=b"');
  await sound(page, "an image: configuration");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Remove lab:latest" }).click();
  await expectRows(page, ["fail FROM lab"]);
  await expect.poll(() => page.evaluate(readLayers).then(({ layers }) => layers)).toEqual([]);
  await toast(page, "lab:latest removed").getByRole("button", { name: "Undo" }).click();
  await expectRows(page, ["miss FROM lab"]);
  await expect.poll(() => page.evaluate(readLayers).then(({ layers }) => layers.length)).toBe(2);
  await page.reload();
  await expectRows(page, ["miss FROM lab"]);
});

test("a layer that is damaged in the store costs the image and nothing else", async ({ page, profile }) => {
  const path = await archive(profile);
  await open(page, "?lang=en");
  await give(page, path, () => command(page, "Load an image"));
  await page.getByRole("dialog").getByRole("button", { name: "Build FROM it" }).click();
  await expectRows(page, ["miss FROM lab"]);
  await stored(page, '"after":0');
  await stored(page, "FROM lab");
  await page.evaluate(damageLayers);
  await page.reload();
  await expect(toast(page, "have the seal")).toBeVisible();
  await expectRows(page, ["fail FROM lab"]);
  expect(await text(page)).toContain("FROM lab");
});

test("what is damaged is said with its place, and changes nothing", async ({ page, profile }, testInfo) => {
  const whole = readFileSync(await archive(profile));
  const cut = testInfo.outputPath("cut.tar");
  writeFileSync(cut, whole.subarray(0, whole.length / 2));
  const other = testInfo.outputPath("other.tar.gz");
  writeFileSync(other, gzipSync(Buffer.from("no tar at all, but long enough to be looked at".repeat(20))));
  await openExample(page, "web-ping");
  for (const [path, said] of [[cut, "cut.tar"], [other, "other.tar.gz"]]) {
    await give(page, path, () => command(page, "Load an image"));
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("alert")).toContainText(`${said} is no image that the lab can read. archive: `);
    await expect(dialog).toContainText("Nothing was changed.");
    await sound(page, "damaged");
    await dialog.getByRole("button", { name: "Close" }).last().click();
  }
  await expect(page.getByRole("button", { name: "Undo", exact: true }).first()).toBeDisabled();
});

test("a tar on the files is a file; an image there can be one too", async ({ page, profile }, testInfo) => {
  const image = testInfo.outputPath("image.tar");
  writeFileSync(image, readFileSync(await archive(profile)));
  writeFileSync(testInfo.outputPath("notes.txt"), "x\n");
  execFileSync("tar", ["-cf", testInfo.outputPath("plain.tar"), "-C", testInfo.outputPath(""), "notes.txt"]);
  await openExample(page, "web-ping");
  await drop(page, ".tree", testInfo.outputPath("plain.tar"));
  await expect(file(page, "plain.tar")).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await drop(page, ".tree", image);
  await page.getByRole("dialog").getByRole("button", { name: "Add it as a file" }).click();
  await expect(file(page, "image.tar")).toBeVisible();
});

test("a loading archive can be stopped by the keyboard", async ({ page, profile }, testInfo) => {
  const path = testInfo.outputPath("long.tar");
  // What stands behind the end of a tar is read, and means nothing.
  writeFileSync(path, Buffer.concat([readFileSync(await archive(profile)), Buffer.alloc(300 << 20)]));
  await openExample(page, "web-ping");
  await give(page, path, () => command(page, "Load an image"));
  const meter = page.getByRole("dialog").getByRole("progressbar");
  await expect.poll(() => meter.getAttribute("aria-valuenow")).not.toBe("0");
  await sound(page, "loading");
  await page.keyboard.press("Enter");
  await expect(toast(page, "Loading was stopped")).toBeVisible();
  await inspect(page, "Images");
  await expect(page.locator("table.images")).toBeVisible();
  await expect(page.locator("table.images")).not.toContainText("lab");
});

test("the log of a real build is a build on the timeline", async ({ page }, testInfo) => {
  const path = testInfo.outputPath("build.log");
  writeFileSync(path, LOG);
  await open(page, `?lang=en${link({ Dockerfile: "FROM node\nCOPY . /app\nENV A=b\nWORKDIR /app\nRUN npm install\n" })}`);
  await expect(row(page, "RUN npm install")).toBeVisible();
  await keep(page, 1);
  await drop(page, ".sheet", path);
  await page.getByRole("dialog").getByRole("button", { name: "Show the build" }).click();
  await expectRows(page, ["hit FROM node", "miss COPY . /app", "meta ENV A=b", "miss WORKDIR /app", "miss RUN npm install"]);
  await expect(page.locator(".past-bar")).toContainText("Build #2");
  await expect(page.locator(".past-bar")).toContainText("recorded");
  await expect(columns(page)).toHaveCount(3);
  await row(page, "RUN npm install").click();
  await expect(page.locator("#why-sentence")).toContainText("RUN npm install ran, and took 13 s");
  await expect(row(page, "RUN npm install").locator(".time span")).toHaveAttribute("title", /really took so long/);
  await row(page, "WORKDIR /app").click();
  await expect(page.locator(".insp pre")).toContainText("added 57 packages");
  await expect(page.locator(".insp")).toContainText("2026-03-01 10:00:00 UTC");
  await sound(page, "a recorded build");
  await expect(page.locator(".dock")).toContainText("CACHED [1/4] FROM");
  await stored(page, '"record":{');
  await page.reload();
  await expect(columns(page)).toHaveCount(3);
  await lookAt(page, 2);
  await expect(row(page, "RUN npm install")).toContainText("13 s");
});

test("damaged lines of a log are told by their numbers, and steps of others by their names", async ({ page }, testInfo) => {
  const path = testInfo.outputPath("odd.log");
  writeFileSync(path, `#0 building\n${LOG.replace("npm install", "npm ci")}\n{"vertexes":[{"dig\n`);
  await open(page, `?lang=en${link({ Dockerfile: "FROM node\nCOPY . /app\nWORKDIR /app\nRUN npm install\n" })}`);
  await expect(row(page, "RUN npm install")).toBeVisible();
  await give(page, path, () => command(page, "Open the log"));
  await expect(row(page, "RUN npm ci")).toBeVisible();
  const panel = page.locator(".insp");
  await expect(panel).toContainText("Only 3 of its 4 steps are in the Dockerfile here");
  await expect(panel).toContainText("Damaged lines: 2");
  await expect(panel).toContainText("Line 1 it is no JSON object");
  await expect(panel).toContainText("Line 8 ");
  await sound(page, "a damaged log");
  writeFileSync(path, "nothing\nof it\n");
  await give(page, path, () => command(page, "Open the log"));
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("odd.log is no log of a build");
});

test("Korean has all of it", async ({ page, profile }) => {
  const path = await archive(profile);
  await open(page, "?lang=ko&example=web-ping");
  await expect(row(page, "FROM")).toBeVisible();
  await page.getByRole("button", { name: "내보내기", exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText("빌드 컨텍스트");
  await page.keyboard.press("Escape");
  await give(page, path, () => command(page, "아카이브에서"));
  await expect(page.getByRole("dialog")).toContainText("이미지를 불러왔습니다");
});

/** The project and the keys of the layers in the store. Runs in the page. */
function readLayers() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("dockerfile-lab");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      const transaction = database.transaction(["projects", "layers"]);
      const project = transaction.objectStore("projects").get("current");
      const layers = transaction.objectStore("layers").getAllKeys();
      transaction.oncomplete = () => {
        database.close();
        resolve({ project: project.result ?? "", layers: layers.result });
      };
    };
  });
}

/** Changes a file in each stored layer. Runs in the page. */
function damageLayers() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("dockerfile-lab");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      const transaction = database.transaction("layers", "readwrite");
      const layers = transaction.objectStore("layers");
      layers.openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (cursor) {
          cursor.update(cursor.value.replace(/"mode":\d+/, '"mode":1'));
          cursor.continue();
        }
      };
      transaction.oncomplete = () => {
        database.close();
        resolve();
      };
    };
  });
}
