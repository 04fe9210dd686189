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
