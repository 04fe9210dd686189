// Collects the licences of everything that is compiled or bundled into the page: their terms ask for it.
import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const LICENCE = /^(licen[cs]e|copying|notice|unlicense)([-._].*)?$/i;

/** The text of `licenses.txt`: the crates of the page, and the npm packages of these bundled files. */
export async function licences(root, bundled) {
  const packages = [...await crates(root), ...await npmPackages(root, bundled)];
  packages.sort((one, other) => (one.name < other.name ? -1 : 1));
  // Most packages share their text with others.
  const groups = new Map();
  for (const { name, version, licence, folder } of packages) {
    const names = (await readdir(folder)).filter((file) => LICENCE.test(file)).sort();
    const files = await Promise.all(names.map((file) => readFile(join(folder, file), "utf8")));
    const text = files.map((file) => file.trim()).join("\n\n");
    groups.set(text, [...(groups.get(text) ?? []), `${name} ${version}: ${licence}`]);
  }
  const parts = [...groups].map(([text, names]) => `${"=".repeat(80)}\n${names.join("\n")}\n\n${text}\n`);
  return `Dockerfile Lab is made with the following software.\n\n${parts.join("\n")}`;
}

/** The crates that the page depends on when it is compiled to Wasm; not those of tests and builds. */
async function crates(root) {
  const flags = ["metadata", "--format-version", "1", "--locked", "--filter-platform", "wasm32-unknown-unknown"];
  const { stdout } = await promisify(execFile)("cargo", flags, { cwd: root, maxBuffer: 1 << 28 });
  const { packages, resolve } = JSON.parse(stdout);
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const reached = new Set();
  const visit = (id) => {
    if (!reached.has(id)) {
      reached.add(id);
      const normal = nodes.get(id).deps.filter(({ dep_kinds: kinds }) => kinds.some(({ kind }) => kind === null));
      normal.forEach(({ pkg }) => visit(pkg));
    }
  };
  visit(resolve.root);
  return packages
    .filter(({ id, source }) => reached.has(id) && source !== null)
    .map(({ name, version, license, manifest_path: manifest }) =>
      ({ name, version, licence: license ?? "see its text", folder: dirname(manifest) }));
}

async function npmPackages(root, bundled) {
  const folders = new Set(bundled.map((file) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter(Boolean));
  return Promise.all([...folders].map(async (folder) => {
    const path = join(root, "www", folder);
    const { name, version, license } = JSON.parse(await readFile(join(path, "package.json"), "utf8"));
    return { name, version, licence: license, folder: path };
  }));
}
