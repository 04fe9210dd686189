// The log of a build, and what every panel says before there is anything to show.
import { change, expect, expectState, goTo, inspect, keep, lookAt, open, openExample, openFile, row, test } from "./lab.js";

/** The lines of the log. */
async function log(page) {
  const lines = await page.locator("#log-panel .ll").allTextContents();
  return lines.map((line) => line.trim());
}

test("the log is as BuildKit prints it: on a terminal, and plain", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openExample(page, "node-naive");
  await change(page, "server.js", "\n// edited\n");
  await expectState(page, "COPY . /app", "miss");
  await keep(page, 2);
  await expect(page.locator(".dock-h")).toContainText("build #2");
  const terminal = await log(page);
  expect(terminal[0]).toMatch(/^\[\+\] Building \d+\.\ds \((\d+)\/\1\) FINISHED$/);
  const arrows = terminal.slice(1);
  expect(arrows.every((line) => line.startsWith("=>"))).toBe(true);
  const with_ = (text) => arrows.find((line) => line.includes(text)) ?? "";
  expect(with_("load build definition from Dockerfile")).toMatch(/^=>\s*\[internal\] load build definition from Dockerfile\s*0\.\ds$/);
  expect(with_("load build context")).toMatch(/^=>\s*\[internal\] load build context/);
  expect(with_("[1/4]")).toMatch(/^=>\s*CACHED \[1\/4\] FROM docker\.io\/library\/node/);
  expect(with_("[2/4]")).toMatch(/^=>\s*\[2\/4\] COPY \. \/app\s*\d+\.\ds$/);
  expect(with_("[4/4]")).toMatch(/^=>\s*\[4\/4\] RUN npm install\s*\d+\.\ds$/);
  expect(with_("exporting to image")).toMatch(/^=>\s*exporting to image\s*\d+\.\ds$/);

  await page.getByRole("tab", { name: "Plain" }).click();
  const plain = await log(page);
  const all = plain.join("\n");
  expect(plain[0]).toMatch(/^#0 building with/);
  expect(all).toMatch(/#\d+ \[2\/4\] COPY \. \/app\n#\d+ DONE \d+\.\ds/);
  expect(all).toMatch(/#\d+ \[1\/4\] FROM docker\.io\/library\/node.*\n#\d+ CACHED/);
  expect(all).toMatch(/#\d+ \d+\.\d+ added \d+ packages?/);
  expect(all).toMatch(/#\d+ exporting layers/);
  await page.locator(".dock-h").getByRole("button", { name: "Copy", exact: true }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("[4/4] RUN npm install");

  // Each build of the timeline has its own.
  await page.getByRole("tab", { name: "Build log" }).click();
  await lookAt(page, 1);
  await expect(page.locator(".dock-h")).toContainText("build #1");
  // Its cache key is headed by its number, not by "Now".
  await row(page, "COPY . /app").click();
  const heads = page.locator("table.keys-t").first().locator("thead th");
  await expect(heads.last()).toHaveText("#1");
});

test("Images: at every width each name and size is in sight, and the page is no larger than the window", async ({ page }) => {
  await openExample(page, "node-naive");
  await inspect(page, "Images");
  for (const [width, height] of [[1440, 900], [1280, 800], [768, 900], [368, 720]]) {
    await page.setViewportSize({ width, height });
    if (width < 720) {
      await page.locator(".bar-p").getByRole("button", { name: "Why" }).click();
    }
    const size = page.locator("table.images tbody tr").first().locator("td.num");
    await expect(size).toContainText("GB");
    await expect.poll(() => size.evaluate(shown), `the size at ${width}`).toBe(true);
    const heads = await page.locator("table.images thead th").evaluateAll((all) => all.map((head) => head.scrollWidth - head.clientWidth));
    expect(Math.max(...heads.slice(0, 3)), `the heads at ${width}`).toBeLessThanOrEqual(0);
    const root = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
    expect(root, `the page at ${width}`).toEqual([width, height]);
  }
});

/** Whether nothing covers or cuts an element. Runs in the page. */
function shown(element) {
  const { left, right, top, bottom } = element.firstElementChild.getBoundingClientRect();
  const at = (x) => element.contains(document.elementFromPoint(x, (top + bottom) / 2));
  return right > left && at(left + 1) && at(right - 1);
}

test("on a phone the steps show whichever file is open", async ({ page }) => {
  await openExample(page, "node-naive");
  await page.setViewportSize({ width: 368, height: 720 });
  const goes = (name) => page.locator(".bar-p").getByRole("button", { name }).click();
  await goes("Files");
  await openFile(page, "server.js");
  await goes("Steps");
  await expect(row(page, "npm install")).toBeVisible();
  await goes("Edit");
  await expect(page.locator("ol.steps")).toHaveCount(0);
});

test("a failed build ends with the error that BuildKit prints", async ({ page }) => {
  await openExample(page, "node-naive");
  await goTo(page, page, "WORKDIR /app");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("RUN cat nothing");
  await expectState(page, "cat nothing", "fail");
  const terminal = await log(page);
  expect(terminal[0]).toMatch(/ERROR$/);
  expect(terminal.join("\n")).toMatch(/=>\s*ERROR \[4\/5\] RUN cat nothing/);
  expect(terminal.join("\n")).toContain('ERROR: failed to build: failed to solve: process "/bin/sh -c cat nothing" did not complete successfully: exit code: 1');
});

test("an empty project: every panel says what will come", async ({ page }) => {
  await open(page);
  await expect(page.locator("[data-example]").first()).toBeVisible();
  await expect(page.locator(".insp")).toContainText("When a step misses, this panel says why.");
  await expect(page.locator(".time-p")).toContainText("Your builds line up here");
  await expect(page.locator("#log-panel")).toContainText("The log of the build comes here.");
  await expect(page.locator(".tree")).toContainText("Drop a folder here, or add a file.");
  const said = {
    Files: "Choose a step to see what its layer changes.",
    History: "There is no image",
    Images: "No image yet. Build one, and it appears here.",
    Disk: "No image yet. Build one, and it appears here.",
  };
  for (const [tab, text] of Object.entries(said)) {
    await inspect(page, tab);
    await expect(page.locator("#inspector-panel"), tab).toContainText(text);
  }
  await expect(page.getByRole("button", { name: "Build", exact: true })).toBeDisabled();
});

test("every panel fills with the first build", async ({ page }) => {
  await open(page);
  await page.locator(".cm-content:visible").click();
  await page.keyboard.insertText("FROM alpine\nRUN echo hello > /hello\n");
  await expectState(page, "echo hello", "miss");
  await inspect(page, "Images");
  await expect(page.locator("#inspector-panel")).toContainText("No image yet.");
  await keep(page, 1);
  // With the image that it was built on.
  await expect(page.locator("table.hist tbody tr")).toContainText(["latest", "alpine"]);
  await inspect(page, "Disk");
  await expect(page.locator("table.lys")).toContainText("echo hello");
  await inspect(page, "History");
  await expect(page.locator("table.hist tbody tr").first()).toContainText("echo hello");
  await row(page, "echo hello").click();
  await inspect(page, "Files");
  await expect(page.locator("table.changes")).toContainText("/hello");
});
