// The switch between BuildKit and the classic builder.
import { expect, openExample, rows, test } from "./lab.js";

const ENV = 'ENV TARGET="blog.example.com"';

test("the classic builder makes a step of every instruction", async ({ page }) => {
  await openExample(page, "web-ping");
  await expect.poll(() => rows(page)).toContain(`meta ${ENV}`);
  const builders = page.getByRole("radiogroup", { name: "Builder" });
  await expect(builders.getByRole("radio", { name: "BuildKit" })).toBeChecked();
  await builders.getByRole("radio", { name: "Classic" }).click();
  await expect(builders.getByRole("radio", { name: "Classic" })).toBeChecked();
  await expect.poll(() => rows(page)).toContain(`miss ${ENV}`);
  await expect(page.locator(".log")).toContainText("Step 2/7 : ENV TARGET");
  // By keyboard, as any group of radio buttons.
  await builders.getByRole("radio", { name: "Classic" }).press("ArrowLeft");
  await expect.poll(() => rows(page)).toContain(`meta ${ENV}`);
});

test("on a narrow page the menu and the commands switch the builder, and the header names the classic one", async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 800 });
  await openExample(page, "web-ping");
  await expect.poll(() => rows(page)).toContain(`meta ${ENV}`);
  await page.getByRole("banner").getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Build with the classic builder" }).click();
  await expect.poll(() => rows(page)).toContain(`miss ${ENV}`);
  await expect(page.getByRole("banner").getByText("Classic", { exact: true }).last()).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.insertText("build with buildkit");
  await page.keyboard.press("Enter");
  await expect.poll(() => rows(page)).toContain(`meta ${ENV}`);
});
