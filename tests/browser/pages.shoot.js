// The pictures of the documentation: the naive Node example after an edit of server.js, wide and on a phone, light and
// dark. `cargo xtask screenshot` writes them to docs/screenshots.
import { test } from "@playwright/test";
import { join } from "node:path";

import { open } from "./lab.js";

const { LAB_PICTURES } = process.env;
const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 360, height: 740 } };

for (const [name, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${name}, ${colorScheme}`, async ({ browser, baseURL }) => {
      const scale = name === "phone" ? 2 : 1;
      const context = await browser.newContext({ baseURL, viewport, colorScheme, deviceScaleFactor: scale, locale: "en" });
      const page = await context.newPage();
      await open(page, "?example=node-naive");
      await page.waitForLoadState("networkidle");
      await page.waitForTimeout(1_500);
      await page.screenshot({ path: join(LAB_PICTURES, `${name}-${colorScheme}.png`) });
    });
  }
}
