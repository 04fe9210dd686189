// Whatever the width: every action is within reach, nothing has to be looked for sideways, and the ends of long lists stay in sight.
import AxeBuilder from "@axe-core/playwright";

import { change, columns, expect, expectState, goTo, inspect, keep, open, openExample, row, test } from "./lab.js";

/** What the header of a wide page offers. */
const ACTIONS = ["Build options", "Export", "Share", "Embed"];
const header = (page) => page.getByRole("banner");
const more = (page) => header(page).getByRole("button", { name: "More" });

for (const width of [1440, 1280]) {
  test(`at ${width} pixels everything stands in the header`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await openExample(page, "node-naive");
    for (const name of ACTIONS) {
      await expect(header(page).getByRole("button", { name, exact: true })).toBeVisible();
    }
    await expect(header(page).getByRole("radio", { name: "한국어" })).toBeVisible();
    await expect(more(page)).toBeHidden();
  });
}

for (const width of [1279, 1000, 768, 720, 390, 360]) {
  test(`at ${width} pixels a menu has what the header has no room for`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await openExample(page, "node-naive");
    await expect(more(page)).toBeInViewport({ ratio: 1 });
    for (const name of ACTIONS) {
      await more(page).click();
      await page.getByRole("menuitem", { name, exact: true }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await expect(more(page)).toBeFocused();
    }
    await more(page).click();
    await page.getByRole("menuitem", { name: "한국어로 바꾸기" }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "ko");
    const width_ = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(width_).toBeLessThanOrEqual(0);
  });
}

test("the menu is walked by keyboard, and axe finds nothing in it", async ({ page }) => {
  await page.setViewportSize({ width: 768, height: 900 });
  await openExample(page, "node-naive");
  await more(page).focus();
  await page.keyboard.press("Enter");
  const items = page.getByRole("menuitem");
  await expect(items.first()).toBeFocused();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.keyboard.press("ArrowUp");
  await expect(items.last()).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: "Build with the classic builder" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: "Export" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(items).toHaveCount(0);
  await expect(more(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Export" })).toBeVisible();
});

test("every dialog is in sight on a narrow screen", async ({ page }) => {
  await page.setViewportSize({ width: 768, height: 900 });
  await openExample(page, "node-naive");
  const dialog = page.getByRole("dialog");
  await row(page, "npm install").click();
  await page.getByRole("button", { name: "Where the modelled figures come from" }).click();
  await expect(dialog).toBeInViewport({ ratio: 1 });
  // Whatever a figure was fitted to says where that comes from.
  await expect(dialog).toContainText("catalog/durations.json");
  await expect(dialog).toContainText("the catalogue does not keep which time is whose");
  await page.keyboard.press("Escape");
  await inspect(page, "Images");
  await page.getByRole("button", { name: "Look into" }).first().click();
  await expect(dialog.getByText("Image ID")).toBeVisible();
});

test("on a phone the menu undoes, and changes the theme", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 780 });
  await openExample(page, "node-naive");
  await page.locator(".bar-p").getByRole("button", { name: "Edit" }).click();
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.insertText("81");
  await page.locator(".bar-p").getByRole("button", { name: "Steps" }).click();
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await more(page).click();
  await page.getByRole("menuitem", { name: "Undo" }).click();
  await expect(row(page, "EXPOSE 8081")).toHaveCount(0);
  await more(page).click();
  await page.getByRole("menuitem", { name: "Change the theme" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", /dark|light/);
});

test("History: every column is in sight at every width, and what is long is whole under the focus", async ({ page }) => {
  await openExample(page, "node-naive");
  await inspect(page, "History");
  const table = page.locator(".insp table.hist");
  await expect(table.locator("tbody tr").first()).toContainText("buildkit.dockerfile.v0");
  for (const [width, height] of [[1440, 900], [1280, 720], [1024, 768], [768, 900], [390, 780], [360, 740]]) {
    await page.setViewportSize({ width, height });
    if (width < 720) {
      await page.locator(".bar-p").getByRole("button", { name: "Why" }).click();
    }
    await expect(table).toBeVisible();
    const beyond = await table.evaluate((table) => table.parentElement.scrollWidth - table.parentElement.clientWidth);
    expect(beyond, `at ${width}`).toBe(0);
  }
  await page.setViewportSize({ width: 1280, height: 720 });
  const long = table.locator("button.value").first();
  const isCut = () => long.locator("code").evaluate((code) => code.scrollHeight > code.clientHeight + 1);
  expect(await isCut()).toBe(true);
  await table.locator("xpath=..").focus();
  await page.keyboard.press("Tab");
  await expect(long).toBeFocused();
  expect(await isCut()).toBe(false);
});

test("Timeline: of many rows the builds' numbers and their seconds stay in sight", async ({ page }) => {
  await openExample(page, "node-naive");
  await goTo(page, page, "EXPOSE 80");
  for (let number = 0; number < 12; number += 1) {
    await page.keyboard.press("Enter");
    await page.keyboard.insertText(`ENV N${number}=x`);
  }
  await expect(row(page, "ENV N11=x")).toBeVisible();
  await keep(page, 2);
  const seconds = page.locator(".heat .secs").last();
  for (const [width, height] of [[1440, 900], [1280, 720], [1024, 768]]) {
    await page.setViewportSize({ width, height });
    const panel = await page.locator(".heat-w").boundingBox();
    await page.locator(".heat-w").evaluate((heat) => heat.scrollTo({ top: heat.scrollHeight / 3 }));
    const [head, foot] = [await columns(page).first().boundingBox(), await seconds.boundingBox()];
    const end = panel.y + panel.height;
    expect(head.y, `at ${width}`).toBeGreaterThanOrEqual(panel.y - 1);
    expect(head.y + head.height, `at ${width}`).toBeLessThan(panel.y + 60);
    expect(foot.y + foot.height, `at ${width}`).toBeLessThanOrEqual(end + 1);
    // The figures do not touch the edge.
    const text = await seconds.locator(".n").last().boundingBox();
    expect(end - (text.y + text.height), `at ${width}`).toBeGreaterThanOrEqual(6);
  }
});

test("eight instructions fit into the timeline of a common screen", async ({ page }) => {
  await openExample(page, "node-naive");
  await goTo(page, page, "EXPOSE 80");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("ENV A=1\nENV B=2");
  await expect(row(page, "ENV B=2")).toBeVisible();
  for (const [width, height] of [[1440, 900], [1280, 720]]) {
    await page.setViewportSize({ width, height });
    const beyond = await page.locator(".heat-w").evaluate((heat) => heat.scrollHeight - heat.clientHeight);
    expect(beyond, `at ${width}`).toBe(0);
  }
});

test("the build that came with an example is said to be the example's, in both languages", async ({ page }) => {
  await openExample(page, "node-naive");
  const head = page.locator(".time-p .head");
  await expect(head).toContainText("1 build · #1 from the example");
  await expect(columns(page).first()).toHaveAccessibleName(/^build 1, from the example, 0 of 4 hits/);
  await row(page, "npm install").click();
  await expect(page.locator(".insp")).toContainText("Build #1 came with the example");
  await change(page, "server.js", "\n// mine\n");
  await expectState(page, "COPY . /app", "miss");
  await keep(page, 2);
  await expect(columns(page).nth(1)).toHaveAccessibleName(/^build 2, \d/);
  await columns(page).first().click();
  await expect(page.locator(".past-bar .tag")).toHaveText("from the example");
  await columns(page).nth(1).click();
  await expect(page.locator(".past-bar")).toContainText("#2");
  await expect(page.locator(".past-bar .tag")).toHaveCount(0);
  await page.reload();
  await expect(head).toContainText("#1 from the example");
  await open(page, "?lang=ko");
  await expect(head).toContainText("#1은 예제에 포함");
});

test("what a person built first is not said to be an example's", async ({ page }) => {
  await open(page, "?lang=en");
  await expect(page.locator("[data-example]").first()).toBeVisible();
  await page.locator(".cm-content").first().click();
  await page.keyboard.insertText("FROM alpine\nRUN echo mine\n");
  await expect(row(page, "echo mine")).toBeVisible();
  await keep(page, 1);
  await expect(page.locator(".time-p .head")).toContainText("1 build");
  await expect(page.locator(".time-p .head")).not.toContainText("example");
});
