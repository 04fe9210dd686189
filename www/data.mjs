// Makes the data that the page fetches when it first needs it: the catalogue's parts, and the examples.
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** Copies each part of the catalogue without its white space. */
export async function catalogue(from, to) {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  for (const name of (await readdir(from)).filter((file) => file.endsWith(".json"))) {
    await writeFile(join(to, name), JSON.stringify(JSON.parse(await readFile(join(from, name), "utf8"))));
  }
}

/**
 * Packs each folder `ID/` with an `example.json` (`order`, `title`, `description`) and a `context/` into `ID.json`, and
 * all of them into `index.json`, sorted by `order`.
 */
export async function examples(from, to) {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  const entries = [];
  for (const folder of (await readdir(from, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    const id = folder.name;
    const { order, title, description } = JSON.parse(await readFile(join(from, id, "example.json"), "utf8"));
    for (const [key, value] of Object.entries({ title, description })) {
      if (!value?.en || !value?.ko) {
        throw new Error(`examples/${id}/example.json: ${key} needs "en" and "ko"`);
      }
    }
    entries.push({ order, id, title, description });
    const files = await contextOf(join(from, id, "context"));
    await writeFile(join(to, `${id}.json`), JSON.stringify({ id, title, description, files }));
  }
  entries.sort((one, other) => one.order - other.order || (one.id < other.id ? -1 : 1));
  const index = entries.map(({ id, title, description }) => ({ id, title, description }));
  await writeFile(join(to, "index.json"), JSON.stringify(index));
}

/** The files of a folder, sorted by path. Times are left out: those of a checkout say nothing. */
async function contextOf(folder) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
  return Promise.all(paths.map(async (file) => {
    const bytes = await readFile(file);
    const path = relative(folder, file).split(sep).join("/");
    const executable = ((await stat(file)).mode & 0o100) !== 0;
    return { path, ...content(bytes), ...(executable && { mode: 0o755 }) };
  }));
}

function content(bytes) {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { base64: bytes.toString("base64") };
  }
}
