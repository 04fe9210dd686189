// What the page offers beyond the road: mending a failed build, the options of a build, the log, the timeline under the
// pointer, the files on a phone.
import { columns, editor, expect, expectRows, keep, open, row, test } from "./lab.js";

async function write(page, text) {
  await editor(page).click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(text);
}

const why = (page) => page.locator("#why-sentence");
const inspector = (page) => page.locator(".insp");

test("a name that does not exist is replaced by the one that was meant", async ({ page }) => {
  await open(page, "?example=node-naive&lang=en");
  await write(page, "FROM nodee\nCOPY servr.js /srv/\n");
  await expect(inspector(page).locator(".fix").first()).toHaveText("Use node");
  await inspector(page).locator(".fix").first().click();
  await expect(editor(page)).toContainText("FROM node");
  await expect(why(page)).toContainText("asks for servr.js, which is not there");
  await inspector(page).getByRole("button", { name: "Create servr.js" }).click();
  await expectRows(page, ["hit FROM node", "miss COPY servr.js /srv/"]);
  await expect(page.getByRole("treeitem", { name: "servr.js" })).toBeVisible();
  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await expect(why(page)).toContainText("asks for servr.js");
  await page.keyboard.press("Control+.");
  await expect(editor(page)).toContainText("COPY server.js /srv/");
});

test("a limit of the lab and an image that stands in say what they are", async ({ page }) => {
  await open(page, "?example=node-naive&lang=en");
  await write(page, "FROM redis\nRUN while :; do :; done\n");
  await expect(why(page)).toContainText("a limit of the lab, not of Docker", { timeout: 30_000 });
  await expect(inspector(page)).toContainText("as the lab reports it");
  await expect(page.locator("ol.steps")).not.toContainText("exit code");
  await row(page, "FROM redis").click();
  await expect(inspector(page).locator(".stand-in")).toContainText("redis:7.4.1 stands in for redis:latest");
  // An image has layers of its own: there is nothing to wait for.
  await inspector(page).getByRole("tab", { name: "Files" }).click();
  await expect(inspector(page)).toContainText("The layers of the base image come as they are");
});

test("the options of a build are in one place, with the command that they are", async ({ page }) => {
  await open(page, "?example=node-naive&lang=en");
  await page.getByRole("button", { name: "Build options" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("-t", { exact: false }).first().fill("Shop");
  await expect(dialog.getByRole("alert")).toContainText("Shop cannot name an image");
  await expect(dialog.getByRole("button", { name: "Apply" })).toBeDisabled();
  await dialog.getByLabel("-t", { exact: false }).first().fill("shop:1");
  await dialog.getByLabel("--build-arg", { exact: false }).fill("A=b c");
  await dialog.getByRole("checkbox", { name: "--no-cache" }).check();
  await expect(dialog.locator(".command code")).toHaveText("docker build -t shop:1 --build-arg 'A=b c' --no-cache .");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await row(page, "COPY . /app").click();
  await expect(why(page)).toContainText("the cache was not to be used");
  await keep(page, 2);
  await expect(page.locator(".log")).toContainText("naming to docker.io/library/shop:1");
});

test("the log has the warnings of the build checks, in full", async ({ page }) => {
  await open(page, "?example=node-naive&lang=en");
  await write(page, "FROM node\nWORKDIR app\nCMD node server.js\n");
  const log = page.locator(".log");
  await expect(log).toContainText("2 warnings found (use docker --debug to expand):");
  await expect(log).toContainText("unexpected results if the base image changes (line 2)");
  expect(await log.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
});

test("a drag over the timeline replays the builds, and so do the arrows on their numbers", async ({ page }) => {
  await open(page, "?example=node-naive&lang=en");
  for (const [number, text] of [[2, "a"], [3, "b"]]) {
    await page.getByRole("treeitem", { name: "server.js" }).click();
    await editor(page).click();
    await page.keyboard.press("Control+End");
    await page.keyboard.insertText(`// ${text}\n`);
    await keep(page, number);
  }
  const middle = async (column) => {
    const box = await columns(page).nth(column).boundingBox();
    return [box.x + box.width / 2, box.y + box.height * 2];
  };
  const shown = page.locator(".past-bar b");
  await page.mouse.move(...await middle(3));
  await page.mouse.down();
  for (const [column, name] of [[2, "Build #3"], [1, "Build #2"], [0, "Build #1"]]) {
    await page.mouse.move(...await middle(column), { steps: 3 });
    await expect(shown).toHaveText(name);
  }
  await page.mouse.up();
  await expect(shown).toHaveText("Build #1");
  await columns(page).nth(0).focus();
  await page.keyboard.press("ArrowRight");
  await expect(shown).toHaveText("Build #2");
});

test("a phone has the files in a place of their own", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, "?example=node-naive&lang=en");
  const places = page.getByRole("navigation", { name: "Views" });
  await places.getByRole("button", { name: "Files" }).click();
  await page.getByRole("treeitem", { name: "server.js" }).click();
  await expect(editor(page)).toContainText("Hello World");
  await expect(places.getByRole("button", { name: "Edit" })).toHaveAttribute("aria-current", "page");
  for (const place of ["Files", "Edit", "Steps", "Why", "Timeline"]) {
    await places.getByRole("button", { name: place }).click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), place).toBeLessThanOrEqual(360);
    for (const button of await places.getByRole("button").all()) {
      const box = await button.boundingBox();
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
    }
  }
});

test("arguments and labels are checked as docker build checks them, and nothing is lost", async ({ page }) => {
  await open(page, "?example=node-naive&lang=en");
  await write(page, "FROM alpine\nARG WHO=nobody\nRUN echo [$WHO]\n");
  await expect(row(page, "echo [$WHO]")).toBeVisible();
  await page.getByRole("button", { name: "Build options" }).click();
  const dialog = page.getByRole("dialog");
  const field = dialog.getByLabel("--build-arg");
  const apply = dialog.getByRole("button", { name: "Apply" });
  await field.fill("WHO=me\n=x");
  await expect(dialog.getByRole("status").filter({ hasText: "=x has no name" })).toBeVisible();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(/=x has no name/);
  await expect(apply).toBeDisabled();
  await expect(field).toHaveValue("WHO=me\n=x");
  await dialog.getByLabel("--label").fill("=y");
  await field.fill("WHO");
  await expect(dialog).toContainText("WHO has no value. docker build would take it from its environment");
  await expect(apply).toBeDisabled();
  await dialog.getByLabel("--label").fill("plain");
  await expect(dialog).not.toContainText("has no name");
  await apply.click();
  // It is as if it were not there: the default of the Dockerfile holds.
  await row(page, "echo [$WHO]").click();
  await expect(page.locator("#log-panel")).toContainText("[nobody]");
  await page.getByRole("button", { name: "Build options" }).click();
  await expect(field).toHaveValue("WHO");
  await field.fill("WHO=");
  await expect(dialog).not.toContainText("has no value");
  await apply.click();
  await expect(page.locator("#log-panel")).toContainText("[]");
});

test("a RUN without a shell says in its headline what could not be started", async ({ page }) => {
  await open(page, "?example=node-naive&lang=en");
  await write(page, "FROM scratch\nRUN echo hi\n");
  await expect(why(page)).toContainText('RUN echo hi could not be started: exec: "/bin/sh": stat /bin/sh: no such file or directory.');
  await expect(inspector(page)).toContainText("A RUN in shell form is started by /bin/sh, and the image has none.");
  await write(page, "FROM alpine\nRUN exit 3\n");
  await expect(why(page)).toContainText("stopped with exit code 3");
});
