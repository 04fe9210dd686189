// What tests share that bring files to the page: dropped, chosen, and the log of a build.

/** Runs a command of the palette. */
export async function command(page, name) {
  await page.keyboard.press("Control+k");
  await page.keyboard.insertText(name);
  await page.keyboard.press("Enter");
}

/** Chooses a file in the browser's own dialog, which `act` opens. */
export async function give(page, path, act) {
  const chooser = page.waitForEvent("filechooser");
  await act();
  await (await chooser).setFiles(path);
}

/** Drops files onto a part of the page. */
export async function drop(page, selector, ...paths) {
  const box = await page.locator(selector).boundingBox();
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const session = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, ...at, data: { items: [], files: paths, dragOperationsMask: 1 } });
  }
}

/** A line of BuildKit's progress stream about a vertex, so many seconds after it began. */
function vertex(digest, name, from, to, rest = {}) {
  const time = (seconds) => new Date(1_772_359_200_000 + seconds * 1000).toISOString();
  return JSON.stringify({
    vertexes: [{ digest: `sha256:${digest}`, name, started: time(from), completed: time(to), ...rest }],
  });
}

function printed(digest, words, at) {
  const timestamp = new Date(1_772_359_200_000 + at * 1000).toISOString();
  const data = Buffer.from(words).toString("base64");
  return JSON.stringify({ logs: [{ vertex: `sha256:${digest}`, stream: 1, data, timestamp }] });
}

/** The log of a build of an example by a real builder. */
export const LOG = [
  vertex("a", "[internal] load build definition from Dockerfile", 0, 0.1),
  vertex("b", "[1/4] FROM docker.io/library/node:latest@sha256:1234", 0.2, 0.2, { cached: true }),
  vertex("c", "[2/4] COPY . /app", 0.3, 0.8),
  vertex("d", "[3/4] WORKDIR /app", 0.8, 0.9),
  printed("d", "npm warn deprecated\nadded 57 packages\n", 3),
  vertex("e", "[4/4] RUN npm install", 1, 13.8),
].join("\n");
