// What the page offers beside the reason: another order of the Dockerfile, measured; where a modelled figure comes from.
import { change, columns, editor, expect, expectRows, expectState, keep, openExample, row, test, text } from "./lab.js";

const NAIVE = 'FROM node\nCOPY . /app\nWORKDIR /app\nRUN npm install\nEXPOSE 80\nCMD ["node", "server.js"]\n';
const BETTER =
  'FROM node\nCOPY package.json /app/\nWORKDIR /app\nRUN npm install\nCOPY . /app\nEXPOSE 80\nCMD ["node", "server.js"]\n';

test("a better order is offered where it was measured, and one step takes it back", async ({ page }) => {
  await openExample(page, "node-naive");
  const fixes = page.locator(".fixes .fix");
  await row(page, "npm install").click();
  await expect(fixes).toHaveCount(0);
  await change(page, "server.js", "\n// edited\n");
  await expectState(page, "COPY . /app", "miss");
  for (const step of ["npm install", "COPY . /app"]) {
    await row(page, step).click();
    await expect(fixes.first()).toHaveText(/^Copy package\.json firstsaves ~\d+(\.\d+)? s$/);
    await expect(page.locator(".measured")).toContainText(/4\/5 hits in the other\. The image has the same files\./);
  }
  await fixes.first().click();
  await expect.poll(() => text(page)).toBe(BETTER);
  await keep(page, 2);
  await change(page, "server.js", "// again\n");
  await expectState(page, "npm install", "hit");
  await expectState(page, "COPY . /app", "miss");
  // Nothing is left to be put in order.
  await row(page, "COPY . /app").click();
  await expect(fixes.first()).toContainText("Undo the change of server.js");

  // The edit of the file, the order: one step each.
  await page.getByRole("button", { name: "Undo", exact: true }).first().click();
  await page.getByRole("button", { name: "Undo", exact: true }).first().click();
  await expect.poll(() => text(page)).toBe(NAIVE);
});

test("a modelled figure leads to the entry of the catalogue that it comes from", async ({ page }) => {
  await openExample(page, "node-naive");
  await row(page, "npm install").locator(".size .mod").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("catalog/npm.json");
  await expect(dialog).toContainText(/Measured, 20\d\d-\d\d-\d\d\./);
  await expect(dialog).toContainText("npm install --no-audit");
  await expect(dialog).toContainText("catalog/durations.json");
  await expect(dialog).toContainText("measured: express, 68 packages");
  await page.keyboard.press("Escape");
  // For those who work by keyboard, and on a phone, in the inspector.
  await row(page, "FROM node").click();
  await page.getByRole("button", { name: "Where the modelled figures come from" }).click();
  await expect(dialog).toContainText("FROM pull");
  await expect(dialog).toContainText("30% of the bytes are published or exact");
});

test("a new file has the focus, and the step that misses for it is explained", async ({ page }) => {
  await openExample(page, "node-naive");
  await row(page, "npm install").click();
  await page.getByRole("button", { name: "New file" }).click();
  await page.keyboard.insertText("extra.js");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: "extra.js", selected: true })).toBeVisible();
  await expect(editor(page)).toBeFocused();
  await expect(page.locator("#why-sentence")).toHaveText("COPY . /app missed because extra.js is new.");
  await page.keyboard.insertText("one");
  await expect.poll(() => text(page)).toBe("one");
});

/** Whether a thing is wholly within another one, from left to right. */
async function fits(inner, outer) {
  const [a, b] = await Promise.all([inner.boundingBox(), outer.boundingBox()]);
  return a.x >= b.x - 0.5 && a.x + a.width <= b.x + b.width + 0.5;
}

test("notes cover neither bars nor figures, and every column is in sight", async ({ page }) => {
  await openExample(page, "node-naive");
  await editor(page).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText("FROM redis\nRUN redis-benchmark\nRUN redis-server --test-memory 2\n");
  await expectRows(page, ["miss FROM redis", "miss RUN redis-benchmark", "miss RUN redis-server --test-memory 2"]);
  for (const width of [1440, 1300, 1000]) {
    await page.setViewportSize({ width, height: 900 });
    for (const note of await page.locator(".track em").all()) {
      const track = note.locator("xpath=..");
      expect(await fits(note, track), `${width}`).toBe(true);
      const bar = await track.locator(".bar").boundingBox();
      expect(bar.y + bar.height, `${width}`).toBeLessThanOrEqual((await note.boundingBox()).y + 1);
    }
  }
  await expect(page.locator(".key")).toContainText("another image in its place");
  for (const width of [1440, 768]) {
    await page.setViewportSize({ width, height: 900 });
    await page.locator(".insp").getByRole("tab", { name: "History" }).click();
    const region = page.locator(".insp .scroll-x");
    expect(await fits(page.locator(".hist th", { hasText: "SIZE" }), region), `SIZE at ${width}`).toBe(true);
  }
});

test("a former build cannot be taken for the present", async ({ page }) => {
  await openExample(page, "node-naive");
  await change(page, "server.js", "\n// edited\n");
  await keep(page, 2);
  await columns(page).first().click();
  const bar = page.locator(".past-bar");
  await expect(bar).toContainText("Build #1");
  const [left, right] = await Promise.all([bar.boundingBox(), page.locator(".axis").boundingBox()]);
  expect(Math.abs(left.x + left.width - right.x)).toBeLessThan(1);
  await expect(page.locator(".tree .then")).toHaveText(/files of now, not of build #1/);
  // Opening a file is to edit it, now.
  await page.locator('[role="treeitem"][data-path="server.js"]').click();
  await expect(bar).toHaveCount(0);
  await expect(editor(page)).toContainText("// edited");
});

test("an empty project on a phone has no empty strip", async ({ page }) => {
  await page.setViewportSize({ width: 368, height: 740 });
  await page.goto("./?lang=en");
  await expect(page.locator("[data-example]").first()).toBeVisible();
  const [sheet, bar] = await Promise.all([page.locator(".sheet").boundingBox(), page.locator(".bar-p").boundingBox()]);
  expect(Math.abs(sheet.y + sheet.height - bar.y)).toBeLessThan(1);
});
