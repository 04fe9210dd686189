// Two tabs with one project: one of them writes it, both say so, and whatever is done in either is there afterwards.
import { columns, editor, expect, expectState, goTo, keep, open, openExample, readStore, row, stored, test, toast } from "./lab.js";

const bar = (page) => page.getByRole("region", { name: "Open in another tab" });
const workHere = (page) => bar(page).getByRole("button", { name: "Work here" }).click();

/** A second tab of the same browser. */
async function second(page, rest = "?lang=en") {
  const other = await page.context().newPage();
  await open(other, rest);
  return other;
}

/** Types at the end of the line with a text. */
async function type(page, line, text) {
  await page.bringToFront();
  await goTo(page, page, line);
  await page.keyboard.insertText(text);
}

/** The texts of all projects that are stored. */
const texts = (page) => page.evaluate(readStore, { all: true });

test("a second tab shows what was typed last in the first, and says who saves it", async ({ page }) => {
  await openExample(page, "node-naive");
  await expect(bar(page)).toHaveCount(0);
  await type(page, "EXPOSE 80", "81");
  // At once: nothing waits until that was stored.
  const other = await second(page);
  await expect(row(other, "EXPOSE 8081")).toBeVisible();
  await expect(bar(other)).toContainText("This project is open in another tab. That tab saves it.");
  await expect(bar(page)).toHaveCount(0);
  await type(page, "EXPOSE 8081", "/udp");
  await stored(page, "EXPOSE 8081/udp");
  // Who comes back to the other tab sees it.
  await other.bringToFront();
  await other.evaluate(() => dispatchEvent(new Event("focus")));
  await expect(row(other, "EXPOSE 8081/udp")).toBeVisible();
  await expect(bar(other)).toBeVisible();
});

test("Work here takes the newest state over, with its builds; the other tab says that it no longer saves", async ({ page }) => {
  await openExample(page, "node-naive");
  const other = await second(page);
  await expect(bar(other)).toBeVisible();
  await type(page, "WORKDIR /app", "/first");
  await expectState(page, "WORKDIR /app/first", "miss");
  await keep(page, 2);
  await type(page, "EXPOSE 80", "81");
  await workHere(other);
  await expect(toast(other, "This tab saves the project now.")).toBeVisible();
  await expect(row(other, "EXPOSE 8081")).toBeVisible();
  await expect(columns(other)).toHaveCount(3);
  await expect(bar(other)).toHaveCount(0);
  await expect(bar(page)).toBeVisible();
  await type(other, "EXPOSE 8081", "/udp");
  await stored(other, "EXPOSE 8081/udp");
  await page.reload();
  await other.reload();
  for (const tab of [page, other]) {
    await expect(row(tab, "EXPOSE 8081/udp")).toBeVisible();
    await expect(columns(tab)).toHaveCount(3);
  }
  // Each is what it was before.
  await expect(bar(page)).toBeVisible();
  await expect(bar(other)).toHaveCount(0);
});

test("what is typed in both is there in both, also after a reload of both", async ({ page }) => {
  await openExample(page, "node-naive");
  await stored(page, "node-naive");
  const other = await second(page);
  await expect(bar(other)).toBeVisible();
  await type(other, "EXPOSE 80", "82");
  await expect(toast(other, "This tab has a copy of its own now, and saves it.")).toBeVisible();
  await expect(bar(other)).toHaveCount(0);
  await type(page, "EXPOSE 80", "81");
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await page.reload();
  await other.reload();
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await expect(row(other, "EXPOSE 8082")).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
  await expect(bar(other)).toHaveCount(0);
  await expect.poll(() => texts(page)).toContain("EXPOSE 8081");
  expect(await texts(page)).toContain("EXPOSE 8082");
});

test("a key right before the tab goes is kept, in either tab", async ({ page }) => {
  await openExample(page, "node-naive");
  await stored(page, "node-naive");
  const other = await second(page);
  await expect(bar(other)).toBeVisible();
  await type(page, "EXPOSE 80", "81");
  await type(other, "EXPOSE 80", "82");
  await other.reload();
  await page.reload();
  await expect(row(other, "EXPOSE 8082")).toBeVisible();
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
});

test("Open a copy begins a project of its own, which the list has", async ({ page }) => {
  await openExample(page, "node-naive");
  await stored(page, "node-naive");
  const other = await second(page);
  await bar(other).getByRole("button", { name: "Open a copy" }).click();
  await expect(bar(other)).toHaveCount(0);
  await type(other, "EXPOSE 80", "82");
  await expect.poll(() => texts(other)).toContain("EXPOSE 8082");
  await type(page, "EXPOSE 80", "81");
  await stored(page, "EXPOSE 8081");
  await other.close();

  await page.locator(".picker > button").click();
  await page.getByRole("menuitem", { name: "Projects in this browser" }).click();
  const projects = page.getByRole("dialog", { name: "Projects in this browser" }).getByRole("listitem");
  await expect(projects).toHaveCount(2);
  await projects.filter({ hasNotText: "in this tab" }).getByRole("button", { name: "Open" }).click();
  await expect(row(page, "EXPOSE 8082")).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
  // And back; what is deleted is deleted for good, after a second click.
  await page.locator(".picker > button").click();
  await page.getByRole("menuitem", { name: "Projects in this browser" }).click();
  await projects.filter({ hasNotText: "in this tab" }).getByRole("button", { name: "Delete" }).click();
  await expect(projects).toHaveCount(2);
  await projects.getByRole("button", { name: "Delete for good" }).click();
  await expect(projects).toHaveCount(1);
  expect(await texts(page)).not.toContain("EXPOSE 8081");
  expect(await texts(page)).toContain("EXPOSE 8082");
});

test("the tab that is left goes on with the project when the other is closed", async ({ page }) => {
  await openExample(page, "node-naive");
  const other = await second(page);
  await expect(bar(other)).toBeVisible();
  await type(page, "EXPOSE 80", "81");
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await page.close({ runBeforeUnload: true });
  await expect(bar(other)).toHaveCount(0);
  await expect(row(other, "EXPOSE 8081")).toBeVisible();
  await type(other, "EXPOSE 8081", "/udp");
  await stored(other, "EXPOSE 8081/udp");
});

test("a tab that crashes lets the project go", async ({ page, watched }) => {
  watched.expect(/Page crashed/);
  await openExample(page, "node-naive");
  await type(page, "EXPOSE 80", "81");
  await stored(page, "EXPOSE 8081");
  const other = await second(page);
  await expect(bar(other)).toBeVisible();
  const session = await page.context().newCDPSession(page);
  session.send("Page.crash").catch(() => {});
  await expect(bar(other)).toHaveCount(0);
  await type(other, "EXPOSE 8081", "/udp");
  await stored(other, "EXPOSE 8081/udp");
});

test("a tab that does not answer is not waited for long, and what it has is not written over what came since", async ({ page }) => {
  await openExample(page, "node-naive");
  await stored(page, "node-naive");
  const other = await second(page);
  await expect(bar(other)).toBeVisible();
  // As a frozen tab: it hears of nothing, and its keys come to the database late.
  await page.evaluate(() => {
    BroadcastChannel.prototype.postMessage = () => {};
    LockManager.prototype.request = () => new Promise(() => {});
  });
  await workHere(other);
  await expect(bar(other)).toHaveCount(0);
  await type(other, "EXPOSE 80", "82");
  await stored(other, "EXPOSE 8082");
  await type(page, "EXPOSE 80", "81");
  await expect.poll(() => texts(other)).toContain("EXPOSE 8081");
  expect(await texts(other)).toContain("EXPOSE 8082");
  await other.reload();
  await expect(row(other, "EXPOSE 8082")).toBeVisible();
});

test("a tab that cannot store its work keeps the project", async ({ page }) => {
  await openExample(page, "node-naive");
  await stored(page, "node-naive");
  const other = await second(page);
  await expect(bar(other)).toBeVisible();
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await type(page, "EXPOSE 80", "81");
  await workHere(other);
  await expect(toast(other, "The other tab could not store its work")).toBeVisible();
  await expect(bar(other)).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
});

test("without locks, as where the address is not secure, the last tab has the project, and nothing is lost", async ({ page }) => {
  await page.context().addInitScript(() => Object.defineProperty(navigator, "locks", { value: undefined }));
  await openExample(page, "node-naive");
  await type(page, "EXPOSE 80", "81");
  const other = await second(page);
  await expect(row(other, "EXPOSE 8081")).toBeVisible();
  await expect(bar(other)).toHaveCount(0);
  await expect(bar(page)).toBeVisible();
  await type(page, "EXPOSE 8081", "/tcp");
  await type(other, "EXPOSE 8081", "/udp");
  await expect.poll(() => texts(page)).toContain("EXPOSE 8081/udp");
  await expect.poll(() => texts(page)).toContain("EXPOSE 8081/tcp");
});

test("without locks and without a channel the store alone keeps both", async ({ page }) => {
  await page.context().addInitScript(() => {
    Object.defineProperty(navigator, "locks", { value: undefined });
    delete window.BroadcastChannel;
  });
  await openExample(page, "node-naive");
  await stored(page, "node-naive");
  const other = await second(page);
  await type(other, "EXPOSE 80", "82");
  await stored(other, "EXPOSE 8082");
  await type(page, "EXPOSE 80", "81");
  await expect(toast(page, "This tab has a copy of its own now")).toBeVisible();
  await expect.poll(() => texts(page)).toContain("EXPOSE 8081");
  expect(await texts(page)).toContain("EXPOSE 8082");
});

test("a link to an example in a second tab is a project of its own from the start", async ({ page }) => {
  await openExample(page, "node-naive");
  await type(page, "EXPOSE 80", "81");
  const other = await second(page, "?example=web-ping&lang=en");
  await expect(row(other, "FROM diamol/node")).toBeVisible();
  await expect(bar(other)).toHaveCount(0);
  await page.reload();
  await other.reload();
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await expect(row(other, "FROM diamol/node")).toBeVisible();
});

test("two tabs in which nothing was done say nothing, and each keeps its own", async ({ page }) => {
  await open(page);
  const other = await second(page);
  await other.waitForTimeout(300);
  await expect(bar(other)).toHaveCount(0);
  await other.locator("[data-example=node-naive]").first().click();
  await expect(columns(other)).toHaveCount(2);
  await page.bringToFront();
  await page.locator("[data-example=nginx-static]").first().click();
  await expect(row(page, "FROM nginx")).toBeVisible();
  await expect.poll(() => texts(page)).toContain("nginx-static");
  await expect.poll(() => texts(page)).toContain("node-naive");
  await page.reload();
  await other.reload();
  await expect(row(page, "FROM nginx")).toBeVisible();
  await expect(row(other, "FROM node")).toBeVisible();
});

test("what comes back out of the browser's memory is loaded anew", async ({ page }) => {
  await openExample(page, "node-naive");
  await type(page, "EXPOSE 80", "81");
  await page.evaluate(() => { window.before = true; });
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await page.waitForFunction(() => !window.before);
  await expect(row(page, "EXPOSE 8081")).toBeVisible();
  await expect(editor(page)).toContainText("EXPOSE 8081");
});

test("Korean says it too, and the bar has a place on a phone", async ({ page }) => {
  await openExample(page, "node-naive");
  const other = await second(page, "?lang=ko");
  await other.setViewportSize({ width: 368, height: 740 });
  const region = other.getByRole("region", { name: "다른 탭에서 열려 있음" });
  await expect(region.getByRole("button", { name: "여기서 작업" })).toBeInViewport();
  await expect(region.getByRole("button", { name: "사본 열기" })).toBeInViewport();
  expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(368);
});
