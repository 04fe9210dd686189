// What a page says to the lab that it embeds, and what it is told: the element's `set`, `build` and `verdicts`.
import { expect, test } from "./lab.js";

const { PAGES_URL } = process.env;

test.beforeEach(({ watched }) => watched.allow(PAGES_URL));

async function guide(page, baseURL) {
  await page.goto(`${PAGES_URL}tests/browser/fixtures/embed.html?lab=${encodeURIComponent(baseURL)}`);
  await page.waitForFunction(() => customElements.get("dockerfile-lab"));
  await page.evaluate(() => {
    window.told = [];
    const lab = document.querySelector("#second");
    lab.addEventListener("verdicts", ({ detail }) => window.told.push(detail));
    lab.set({ dockerfile: "FROM alpine\nCOPY a.txt /\n", files: { "a.txt": "one\n" }, show: "a.txt" });
  });
}

const last = (page) => page.evaluate(() => {
  const one = window.told.at(-1);
  return one && [one.build, one.hits, one.steps, ...one.rows.map((row) => `${row.state} ${row.instruction}`)];
});

test("a page sets files, keeps a build and is told the verdicts", async ({ page, baseURL }) => {
  await guide(page, baseURL);
  await expect.poll(() => last(page)).toEqual([null, 0, 2, "miss FROM alpine", "miss COPY a.txt /"]);
  const lab = page.frameLocator("#second iframe");
  await expect(lab.getByRole("tab", { name: "a.txt" })).toHaveAttribute("aria-selected", "true");
  await expect(lab.locator(".cm-content:visible")).toContainText("one");
  await page.evaluate(() => document.querySelector("#second").build());
  await expect.poll(() => page.evaluate(() => window.told.some((one) => one.build !== null))).toBe(true);
  await page.evaluate(() => document.querySelector("#second").set({ files: { "a.txt": "two\n" } }));
  await expect.poll(() => last(page)).toEqual([null, 1, 2, "hit FROM alpine", "miss COPY a.txt /"]);
  await expect(lab.locator(".cm-content:visible")).toContainText("two");
  expect(await page.evaluate(() => window.told.at(-1).rows[1].why)).toContain("a.txt");
});

test("nobody but the window around is heard, and nobody is told who has not asked", async ({ page, baseURL }) => {
  await guide(page, baseURL);
  await expect.poll(() => last(page)).toBeTruthy();
  // A sibling frame of the host's own origin speaks to the lab: it is not the parent.
  await page.evaluate(() => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    window.lab = document.querySelector("#second").shadowRoot.querySelector("iframe").contentWindow;
    const say = frame.contentWindow.eval("(lab) => lab.postMessage({ type: 'dockerfile-lab', set: { dockerfile: 'FROM scratch' } }, '*')");
    say(window.lab);
    // What the window around says after it is heard after it.
    document.querySelector("#second").set({ dockerfile: "FROM alpine\nCOPY a.txt /said\n" });
  });
  await expect.poll(() => last(page)).toEqual([null, 0, 2, "miss FROM alpine", "miss COPY a.txt /said"]);
  expect(await page.evaluate(() => JSON.stringify(window.told))).not.toContain("FROM scratch");
});

test("what follows an example waits until it is open", async ({ page, baseURL }) => {
  await guide(page, baseURL);
  await expect.poll(() => last(page)).toBeTruthy();
  await page.evaluate(() => {
    const lab = document.querySelector("#second");
    lab.set({ example: "node-ordered", show: "server.js" });
    lab.set({ files: { "server.js": "// said\n" } });
    lab.build();
  });
  const kept = () => page.evaluate(() => window.told.find((one) => one.build)?.rows.map((row) => `${row.state} ${row.instruction}`));
  await expect.poll(kept).toContain("miss COPY . /app");
  expect(await kept()).toContain("hit RUN npm install");
  const lab = page.frameLocator("#second iframe");
  await expect(lab.getByRole("tab", { name: "server.js" })).toHaveAttribute("aria-selected", "true");
  await expect(lab.locator(".cm-content:visible")).toContainText("// said");
});

test("what is set at once is taken back at once", async ({ page, baseURL }) => {
  await guide(page, baseURL);
  const first = [null, 0, 2, "miss FROM alpine", "miss COPY a.txt /"];
  await expect.poll(() => last(page)).toEqual(first);
  const lab = page.frameLocator("#second iframe");
  const set = (what) => page.evaluate((what) => document.querySelector("#second").set(what), what);
  await set({ dockerfile: "FROM alpine\nCOPY b.txt c.txt /\n", files: { "a.txt": null, "b.txt": "b\n", "c.txt": "c\n", "never.txt": null } });
  await expect.poll(() => last(page)).toEqual([null, 0, 2, "miss FROM alpine", "miss COPY b.txt c.txt /"]);
  // A frame out of sight is hidden.
  await page.locator("#second").scrollIntoViewIfNeeded();
  const takeBack = async () => {
    await lab.locator(".emb-f .name").click();
    await page.keyboard.press("Control+z");
  };
  await takeBack();
  await expect.poll(() => last(page)).toEqual(first);
  // An example with other files is one step too.
  await set({ example: "node-ordered", files: { "server.js": "// said\n", "package.json": null } });
  await expect.poll(async () => (await last(page)).slice(3)).toContain("failed COPY package.json /app");
  await takeBack();
  await expect.poll(() => last(page)).toEqual(first);
});
