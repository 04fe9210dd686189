// axe finds nothing, serious or not, in any main state, in either theme.
import AxeBuilder from "@axe-core/playwright";

import { change, expect, expectState, inspect, keep, lookAt, open, openExample, openFile, row, test } from "./lab.js";

/** Fails with everything that axe finds. The themes differ in their colours alone, so the dark one is looked at for these. */
async function sound(page, state) {
  const axe = new AxeBuilder({ page });
  const { violations } = await (test.info().titlePath.includes("dark") ? axe.withRules(["color-contrast", "link-in-text-block"]) : axe).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`);
  expect.soft(found, state).toEqual([]);
}

/** Runs a command of the palette. */
async function command(page, name) {
  await page.keyboard.press("Control+k");
  await page.keyboard.insertText(name);
  await page.keyboard.press("Enter");
}

// Each look takes axe a second or more.
test.setTimeout(120_000);

for (const colorScheme of ["light", "dark"]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: "reduce" } });

    test("empty, an example, a miss", async ({ page }) => {
      await open(page);
      await expect(page.locator("[data-example]").first()).toBeVisible();
      await sound(page, "empty");
      await page.locator('[data-example="node-naive"]').click();
      await expect(row(page, "npm install")).toBeVisible();
      await sound(page, "example");
      await openFile(page, "server.js");
      await sound(page, "a file");
      await change(page, "server.js", "\n// edited\n");
      await expectState(page, "COPY . /app", "miss");
      await row(page, "COPY . /app").click();
      await expect(page.locator("#why-sentence")).toContainText("server.js");
      await sound(page, "miss");
      await row(page, "npm install").click();
      await expect(page.locator("#why-sentence")).toContainText("only because");
      await sound(page, "follows");
      await keep(page, 2);
      await lookAt(page, 1);
      await sound(page, "a past build");
    });

    test("every tab of the inspector, and the log", async ({ page }) => {
      await openExample(page, "node-naive");
      await row(page, "COPY . /app").click();
      await inspect(page, "Files");
      await expect(page.locator("table.changes tbody tr").first()).toBeVisible();
      await sound(page, "Files");
      await inspect(page, "History");
      await expect(page.locator("table.hist tbody tr").first()).toBeVisible();
      await sound(page, "History");
      await inspect(page, "Images");
      await expect(page.locator("table.hist tbody tr").first()).toBeVisible();
      await sound(page, "Images");
      await inspect(page, "Disk");
      await expect(page.locator("table.lys tbody tr").first()).toBeVisible();
      await sound(page, "Disk");
      await page.getByRole("tab", { name: "Plain" }).click();
      await sound(page, "plain log");
    });

    test("every dialog", async ({ page }) => {
      await openExample(page, "node-naive");
      for (const name of ["Share a link", "Embed in a page", "Build options", "Keys", "Start over"]) {
        await command(page, name);
        await expect(page.getByRole("dialog")).toBeVisible();
        await sound(page, name);
        await page.keyboard.press("Escape");
      }
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("option").first()).toBeVisible();
      await sound(page, "commands");
      await page.keyboard.insertText("no such thing");
      await sound(page, "no command");
    });

    test("every menu, and what is written in place", async ({ page }) => {
      await openExample(page, "node-naive");
      await page.locator(".picker > button").click();
      await expect(page.getByRole("menuitem").first()).toBeVisible();
      await sound(page, "examples");
      await page.keyboard.press("Escape");
      await page.locator('[data-path="server.js"]').click({ button: "right" });
      await sound(page, "menu of a file");
      await page.getByRole("menuitem", { name: "Permissions" }).click();
      await sound(page, "permissions");
      await page.keyboard.press("Escape");
      await page.locator('[data-path="server.js"]').focus();
      await page.keyboard.press("F2");
      await sound(page, "a name");
    });

    test("errors: a step that fails, a text that cannot be built, an unknown image", async ({ page }) => {
      await openExample(page, "node-naive");
      const write = async (text) => {
        await page.locator(".cm-content:visible").click();
        await page.keyboard.press("Control+a");
        await page.keyboard.insertText(text);
      };
      await write("FROM node\nRUN echo a && false\nRUN b\n");
      await expectState(page, "echo a", "fail");
      await expect(page.locator("pre.xc")).toBeVisible();
      await sound(page, "failed step");
      await write("FROM node\nRNU x\n");
      await expect(page.locator(".cm-lab-error")).toBeVisible();
      await sound(page, "unknown instruction");
      await write("FROM nood\n");
      await expect(page.getByRole("button", { name: "Use node", exact: true })).toBeVisible();
      await sound(page, "unknown image");
      await page.locator('[data-path="server.js"]').focus();
      await page.keyboard.press("Delete");
      await expect(page.locator(".toast")).toBeVisible();
      await sound(page, "a message");
    });

    test("the shell on a step", async ({ page }) => {
      await open(page);
      await page.locator(".cm-content:visible").click();
      await page.keyboard.insertText("FROM alpine\nRUN echo a > /f && cat /none\n");
      await expectState(page, "cat /none", "fail");
      await page.getByRole("button", { name: "Open a shell here" }).click();
      await expect(page.locator(".sh-in")).toBeEditable();
      await page.keyboard.insertText("cat /f; cat /none; echo b > /g");
      await page.keyboard.press("Enter");
      await expect(page.locator(".sh-changed")).toBeVisible();
      await sound(page, "the shell");
      await page.setViewportSize({ width: 360, height: 740 });
      await page.keyboard.press("Control+`");
      await expect(page.locator(".sh-in")).toBeVisible();
      await sound(page, "phone: the shell");
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    });

    test("a phone, each of its tabs", async ({ page }) => {
      await openExample(page, "node-naive");
      await change(page, "server.js", "\n// edited\n");
      await expectState(page, "COPY . /app", "miss");
      await page.setViewportSize({ width: 360, height: 740 });
      for (const place of ["Files", "Edit", "Steps", "Why", "Timeline"]) {
        await page.locator(".bar-p").getByRole("button", { name: place }).click();
        await sound(page, `phone: ${place}`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), place).toBeLessThanOrEqual(360);
      }
      await page.locator(".bar-p").getByRole("button", { name: "Why" }).click();
      for (const tab of ["Files", "History", "Images", "Disk", "Log"]) {
        await inspect(page, tab);
        await page.waitForTimeout(300);
        await sound(page, `phone: ${tab}`);
      }
    });

    test("the view in other pages", async ({ page }) => {
      await open(page, "?embed&example=node-naive&lang=en");
      await expect(row(page, "npm install")).toBeVisible();
      await sound(page, "embed");
      await page.getByRole("tab", { name: "server.js" }).click();
      await page.locator(".cm-content:visible").click();
      await page.keyboard.insertText("x");
      await sound(page, "embed: a file");
      await page.getByRole("tab", { name: "Dockerfile" }).click();
      await expectState(page, "COPY . /app", "miss");
      await sound(page, "embed: a miss");
      await page.setViewportSize({ width: 360, height: 740 });
      await sound(page, "embed: narrow");
    });
  });
}
