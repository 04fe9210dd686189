// `cargo xtask test` serves the release build and says where (LAB_URL, PAGES_URL) and which browser (LAB_CHROMIUM).
import { defineConfig } from "@playwright/test";

const { LAB_URL, LAB_CHROMIUM } = process.env;
if (!LAB_URL) {
  throw new Error("run these tests with: cargo xtask test --browser [playwright arguments]");
}

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.js",
  outputDir: "../../test-results",
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: LAB_URL,
    browserName: "chromium",
    headless: true,
    launchOptions: {
      executablePath: LAB_CHROMIUM || undefined,
      args: [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
      ],
    },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    viewport: { width: 1440, height: 900 },
  },
});
