// The pictures of the documentation: the naive Node example after an edit of server.js, wide and on a phone, light and
// dark. `cargo xtask screenshot` writes them to docs/screenshots.
import { test } from "@playwright/test";
import { join } from "node:path";

import { editor, open, row } from "./lab.js";

const { LAB_PICTURES } = process.env;
const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 360, height: 740 } };

for (const [name, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${name}, ${colorScheme}`, async ({ browser, baseURL }) => {
      const scale = name === "phone" ? 2 : 1;
      const context = await browser.newContext({ baseURL, viewport, colorScheme, deviceScaleFactor: scale, locale: "en" });
      const page = await context.newPage();
      // Edited on a wide page, whatever the picture: there everything is at hand.
      await page.setViewportSize(SIZES.wide);
      await open(page, "?example=node-naive&lang=en");
      await page.getByRole("treeitem", { name: "server.js" }).click();
      await editor(page).locator(".cm-line", { hasText: "Hello World" }).click();
      await page.keyboard.press("End");
      await page.keyboard.insertText(" // changed");
      await page.getByRole("tab", { name: "Dockerfile" }).click();
      await row(page, "COPY . /app").click();
      await page.locator('button.s[data-state="miss"]').waitFor();
      await page.setViewportSize(viewport);
      await page.mouse.move(0, 0);
      await page.waitForTimeout(1_500);
      await page.screenshot({ path: join(LAB_PICTURES, `${name}-${colorScheme}.png`) });
    });
  }
}
