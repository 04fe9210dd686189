// `cargo xtask` serves the release build and says where (LAB_URL, PAGES_URL), which browser (LAB_CHROMIUM), and which
// task: tests, pictures for the documentation, or measurements.
import { defineConfig } from "@playwright/test";

const { LAB_URL, LAB_CHROMIUM, LAB_TASK = "spec" } = process.env;
if (!LAB_URL) {
  throw new Error("run these tests with: cargo xtask test --browser [playwright arguments]");
}

export default defineConfig({
  testDir: ".",
  testMatch: `*.${LAB_TASK}.js`,
  outputDir: "../../test-results",
  fullyParallel: LAB_TASK === "spec",
  forbidOnly: true,
  // A loaded machine can be too slow for one of many waits; what passes only the second time is listed as flaky.
  retries: LAB_TASK === "spec" ? 1 : 0,
  workers: LAB_TASK === "spec" ? 2 : 1,
  timeout: LAB_TASK === "spec" ? 60_000 : 600_000,
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
    // A trace takes a picture of the whole page at every key, which is more work than the key.
    trace: LAB_TASK === "bench" ? "off" : "retain-on-failure",
    viewport: { width: 1440, height: 900 },
  },
});
