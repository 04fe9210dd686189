// What makes room for another project is stored as a project of its own, and is there after the tab is gone.
import { command } from "./bring.js";
import { expect, expectState, goTo, keep, open, openExample, row, stored, test, toast } from "./lab.js";
import { link } from "./project.js";

const THEIRS = link({ Dockerfile: "FROM alpine\nRUN echo theirs\n" });

async function work(page) {
  await openExample(page, "node-naive");
  await goTo(page, page, "WORKDIR /app");
  await page.keyboard.insertText("/mine");
  await expectState(page, "WORKDIR /app/mine", "miss");
  await stored(page, "WORKDIR /app/mine");
}

/** What the store knows about its projects. */
function known(page) {
  return page.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.open("dockerfile-lab");
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const all = request.result.transaction("projects").objectStore("projects")
        .getAll(IDBKeyRange.bound("about/", "about/\uffff"));
      all.onsuccess = () => {
        request.result.close();
        resolve(all.result);
      };
    };
  }));
}

test("work that a link took the place of is there when that tab is closed", async ({ page }) => {
  await work(page);
  await page.goto("about:blank");
  await open(page, `?lang=en${THEIRS}`);
  await expect(row(page, "echo theirs")).toBeVisible();
  await goTo(page, page, "RUN echo theirs");
  await page.keyboard.insertText(" too");
  await stored(page, "echo theirs too");
  const other = await page.context().newPage();
  await page.close();
  await open(other, "?lang=en");
  await expect(row(other, "echo theirs too")).toBeVisible();
  await command(other, "Projects in this browser");
  const projects = other.getByRole("dialog", { name: "Projects in this browser" }).getByRole("listitem");
  await expect(projects).toHaveCount(2);
  await projects.filter({ hasNotText: "in this tab" }).getByRole("button", { name: "Open" }).click();
  await expect(row(other, "WORKDIR /app/mine")).toBeVisible();
});

test("who goes back to it has it once", async ({ page }) => {
  await work(page);
  await page.goto("about:blank");
  await open(page, `?lang=en${THEIRS}`);
  await expect(row(page, "echo theirs")).toBeVisible();
  await expect.poll(async () => (await known(page)).length).toBe(2);
  await toast(page, "Your former work made room").getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "WORKDIR /app/mine")).toBeVisible();
  await goTo(page, page, "WORKDIR /app/mine");
  await page.keyboard.insertText("/again");
  await stored(page, "/app/mine/again");
  // That of the link is a project too; the one at hand is not there twice.
  const ids = (await known(page)).map(({ id, name }) => (id === "current" ? `here: ${name}` : `kept: ${name}`));
  expect(ids.sort()).toEqual(["here: node-naive", "kept: "]);
});

test("an example that was only looked at leaves nothing behind", async ({ page }) => {
  await openExample(page, "node-naive");
  await command(page, "A static site on nginx");
  await expect(row(page, "FROM nginx")).toBeVisible();
  await goTo(page, page, "FROM nginx");
  await page.keyboard.insertText("\n# mine");
  await stored(page, "# mine");
  expect((await known(page)).map(({ id }) => id)).toEqual(["current"]);
});

test("what was written from nothing and built once is work", async ({ page }) => {
  await open(page, "?lang=en");
  await expect(page.locator("[data-example]").first()).toBeVisible();
  await page.locator(".cm-content").first().click();
  await page.keyboard.insertText("FROM alpine\nRUN echo from nothing\n");
  await expect(row(page, "echo from nothing")).toBeVisible();
  await keep(page, 1);
  await stored(page, "from nothing");
  await expect.poll(async () => (await known(page)).map(({ work }) => work)).toEqual([true]);
});

test("what cannot be opened leaves what was typed meanwhile", async ({ page }) => {
  await work(page);
  // So many files take the session a while, and then the build that it should stand on is not there.
  const files = Object.fromEntries(Array.from({ length: 40_000 }, (_, number) => [`d${number % 99}/f${number}`, ""]));
  const damaged = link({ Dockerfile: "FROM alpine\n", ...files }, { head: 9 });
  await goTo(page, page, "WORKDIR /app/mine");
  await page.evaluate((hash) => {
    location.hash = hash;
  }, damaged);
  await expect(row(page, "WORKDIR /app/mine")).toHaveCount(0);
  await page.keyboard.insertText("/meanwhile");
  await expect(toast(page, "The project is damaged")).toBeVisible();
  await expect(row(page, "WORKDIR /app/mine/meanwhile")).toBeVisible();
  await stored(page, "/app/mine/meanwhile");
});

test("a project of which a page that went left a copy alone is in the list, and opens", async ({ page }) => {
  await work(page);
  const copy = await page.evaluate(() => new Promise((resolve) => {
    const request = indexedDB.open("dockerfile-lab");
    request.onsuccess = () => {
      const get = request.result.transaction("projects").objectStore("projects").get("current");
      get.onsuccess = () => {
        request.result.close();
        resolve(new TextDecoder().decode(get.result).replaceAll("/app/mine", "/app/alone"));
      };
    };
  }));
  await page.evaluate((copy) => localStorage.setItem("dockerfile-lab.unsaved.copy-1", copy), copy);
  await command(page, "Projects in this browser");
  const projects = page.getByRole("dialog", { name: "Projects in this browser" }).getByRole("listitem");
  await expect(projects).toHaveCount(2);
  await projects.filter({ hasNotText: "in this tab" }).getByRole("button", { name: "Open" }).click();
  await expect(row(page, "WORKDIR /app/alone")).toBeVisible();
  await stored(page, "/app/mine");
});

test("a tab that only watches keeps nothing twice when it opens something else", async ({ page }) => {
  await work(page);
  const other = await page.context().newPage();
  await open(other, "?lang=en");
  await expect(row(other, "WORKDIR /app/mine")).toBeVisible();
  await command(other, "A static site on nginx");
  await expect(row(other, "FROM nginx")).toBeVisible();
  await expect(toast(other, "The example is open")).toBeVisible();
  await expect.poll(async () => (await known(other)).length).toBe(2);
  expect((await known(other)).map(({ id }) => id.replace(/-.*/, "")).sort()).toEqual(["copy", "current"]);
  // The way back is there all the same.
  await toast(other, "The example is open").getByRole("button", { name: "Undo" }).click();
  await expect(row(other, "WORKDIR /app/mine")).toBeVisible();
});
