// The page opens: nothing in the console, no request to anybody else, no breach of its policy, nothing for axe.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { open, watch } from "./lab.js";

test("opens under a sub-path, cleanly, with requests to its own folder alone", async ({ page, baseURL }) => {
  const seen = watch(page);
  await open(page);
  await page.waitForLoadState("networkidle");
  expect(seen.problems).toEqual([]);
  const origin = new URL(baseURL);
  expect(seen.requests.length).toBeGreaterThan(4);
  expect(seen.requests.filter((url) => !url.startsWith("data:") && !url.startsWith(baseURL))).toEqual([]);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:/);
  expect(policy).toContain("default-src 'none'");

  // For the size budgets: what a visitor loads before doing anything.
  if (process.env.LAB_FIRST_LOAD) {
    const paths = seen.requests.filter((url) => url.startsWith(origin.href)).map((url) => new URL(url).pathname);
    const below = paths.map((path) => path.slice(origin.pathname.length) || "index.html");
    mkdirSync(dirname(process.env.LAB_FIRST_LOAD), { recursive: true });
    writeFileSync(process.env.LAB_FIRST_LOAD, `${[...new Set(below)].sort().join("\n")}\n`);
  }
});

for (const scheme of ["light", "dark"]) {
  test(`axe finds nothing in the ${scheme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await open(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`)).toEqual([]);
  });
}
