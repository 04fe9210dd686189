// Which functions a page at rest runs: opens the last release build in a browser, with modules that note what runs, and
// says what lies in the first parts and did not run, and what is deferred and did. For those who write plans.
//
//   CHROMIUM=/usr/bin/chromium node www/split/reached.mjs worker 1 "?example=web-ping" [lines]
//
// The number says how many parts count as first: 0 is the first part alone. Needs the browser tests' Playwright.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { counted, countingGlue } from "./counted.mjs";
import { read } from "./module.mjs";
import { readPlan } from "./plan.mjs";
import { divide } from "./split.mjs";

const [name = "worker", last = "0", address = "", lines = "60"] = process.argv.slice(2);
const project = fileURLToPath(new URL("../../", import.meta.url));
const { chromium } = createRequire(join(project, "tests/browser/package.json"))("@playwright/test");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml" };

const ran = await run();
const optimized = await readFile(join(project, `target/wasm-opt/release/${name}_bg.wasm`));
const plan = readPlan(await readFile(new URL(`${name}.txt`, import.meta.url), "utf8"));
const { module, imported, part } = divide(read(optimized), plan);
const functions = [...part].map(([index, own]) => ({
  own, size: module.bodies[index - imported].length, ran: ran.has(index - imported),
  name: (module.names.get(index) ?? "?").replace(/\[[0-9a-f]+\]/g, ""),
}));
const isFirst = ({ own }) => own <= Number(last);
print("first, and did not run", functions.filter((one) => isFirst(one) && !one.ran));
print("deferred, and ran", functions.filter((one) => !isFirst(one) && one.ran));

function print(title, list) {
  const total = list.reduce((sum, { size }) => sum + size, 0);
  console.log(`\n${title}: ${list.length} functions, ${total} bytes`);
  list.sort((one, other) => other.size - one.size).slice(0, Number(lines)).forEach((one) => console.log(String(one.size).padStart(8), one.name));
}

/** The places of the functions that ran until the page rested. */
async function run() {
  const server = createServer(answer);
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/${address}`);
    await page.waitForLoadState("networkidle");
    await page.waitForTimeout(3000);
    const list = await (name === "worker" ? page.workers()[0] : page).evaluate(() => Object.keys(globalThis.ran).map(Number));
    return new Set(list);
  } finally {
    await browser.close();
    server.close();
  }
}

/** Serves `dist`, with counting modules in place of those that are split. */
async function answer({ url }, response) {
  const path = new URL(url, "http://localhost").pathname.replace(/\/$/, "/index.html");
  const [, stem, glue] = /^\/(app|worker)(?:-\w+)?(?:_bg\.wasm|(\.js))$/.exec(path) ?? [];
  const body = await (stem ? counting(stem, glue) : readFile(join(project, "dist", path))).catch(() => undefined);
  response.writeHead(body === undefined ? 404 : 200, { "content-type": TYPES[extname(path)] ?? "text/plain" });
  response.end(body);
}

async function counting(stem, isGlue) {
  if (!isGlue) {
    return counted(await readFile(join(project, `target/wasm-opt/release/${stem}_bg.wasm`)));
  }
  return countingGlue(await readFile(join(project, `target/wasm-bindgen/release/${stem}.js`), "utf8"));
}
