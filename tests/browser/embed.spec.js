// The loader in somebody else's page: the code shows first, the lab takes its place, and only the lab is listened to.
import { expect, test } from "./lab.js";

const { PAGES_URL } = process.env;

test.beforeEach(({ watched }) => watched.allow(PAGES_URL));

async function guide(page, baseURL) {
  await page.goto(`${PAGES_URL}tests/browser/fixtures/embed.html?lab=${encodeURIComponent(baseURL)}`);
}

test("without JavaScript the code shows", async ({ profile, baseURL }) => {
  const page = await profile({ javaScriptEnabled: false });
  await guide(page, baseURL);
  await expect(page.getByText("COPY . /app")).toBeVisible();
});

test("attributes and code become the address of the frame", async ({ page, baseURL }) => {
  await guide(page, baseURL);
  await page.waitForFunction(() => customElements.get("dockerfile-lab"));
  const addresses = await page.evaluate(() => ["first", "second"].map((id) => {
    const url = new URL(document.getElementById(id).address);
    return [url.origin + url.pathname, url.search, decodeURIComponent(url.hash)];
  }));
  expect(addresses).toEqual([
    [`${baseURL}index.html`, "?embed&theme=dark&lang=en",
      '#dockerfile=FROM node\nCOPY . /app\nRUN echo "a & b"'],
    [`${baseURL}index.html`, "?embed&example=node-naive&readonly&lang=ko", ""],
  ]);
});

test("a lab loads when it comes into view, another one on click", async ({ page, baseURL }) => {
  const frames = [];
  page.on("framenavigated", (frame) => frame.parentFrame() && frames.push(frame.url()));
  await guide(page, baseURL);
  await expect.poll(() => frames.length).toBe(1);
  await page.locator("#second").scrollIntoViewIfNeeded();
  await page.waitForTimeout(300);
  expect(frames.length).toBe(1);
  await page.getByRole("button", { name: "실습해 보기" }).click();
  await expect.poll(() => frames.length).toBe(2);
});

test("messages of other windows change nothing", async ({ page, baseURL }) => {
  await guide(page, baseURL);
  await page.locator("#first iframe").waitFor({ state: "attached" });
  await page.evaluate(() => {
    for (let time = 0; time < 3; time += 1) {
      window.postMessage({ type: "dockerfile-lab", height: 12345 }, "*");
    }
  });
  await page.waitForTimeout(200);
  expect(await page.locator("#first iframe").evaluate((frame) => frame.style.height)).not.toBe("12345px");
});
