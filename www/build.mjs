// Makes www/generated: the editor's bundle, the stylesheet, and the data that the page fetches. Trunk calls this before
// each build.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { catalogue, examples } from "./data.mjs";
import { licences } from "./licenses.mjs";

const www = dirname(fileURLToPath(import.meta.url));

// style-mod, through which CodeMirror mounts its styles, uses a constructed style sheet only inside a shadow root and
// a <style> element elsewhere, which the page's Content-Security-Policy forbids. Constructed sheets work in a document
// too, so its condition is widened. The number of hits is checked: a new version of the package may need another patch.
const constructedSheets = {
  name: "constructed-sheets",
  setup(bundler) {
    bundler.onLoad({ filter: /style-mod[\\/]src[\\/]style-mod\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const condition = "!root.head && root.adoptedStyleSheets";
      const hits = source.split(condition).length - 1;
      if (hits !== 1) {
        throw new Error(`style-mod: expected the patched condition once, found it ${hits} times in ${path}`);
      }
      return { contents: source.replace(condition, "root.adoptedStyleSheets"), loader: "js" };
    });
  },
};

// See src/editor/no-syntax.js.
const withoutSyntaxTrees = {
  name: "without-syntax-trees",
  setup(bundler) {
    bundler.onResolve({ filter: /^@(codemirror\/language|lezer\/common)$/ }, ({ importer }) => {
      if (!/@codemirror[\\/](autocomplete|commands)[\\/]/.test(importer)) {
        throw new Error(`a syntax tree package is imported by ${importer}`);
      }
      return { path: join(www, "src/editor/no-syntax.js") };
    });
  },
};

const shared = {
  absWorkingDir: www,
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
};

// What completion.js uses of CodeMirror and of the editor it takes from the editor's bundle, which is there already.
const lentByEditor = {
  name: "lent-by-editor",
  setup(bundler) {
    bundler.onResolve({ filter: /^(@codemirror\/(state|view)|\.\/known\.js)$/ }, () => ({ path: "./editor.js", external: true }));
  },
};

/** The bundle that the editor fetches later, named by its content so that a cache never mixes those of different builds. */
async function completion() {
  const { outputFiles: [bundle], metafile } = await build({
    ...shared,
    metafile: true,
    write: false,
    entryPoints: ["src/editor/completion.js"],
    outfile: "generated/completion.js",
    format: "esm",
    plugins: [lentByEditor, withoutSyntaxTrees],
  });
  const name = `completion-${createHash("sha256").update(bundle.contents).digest("hex").slice(0, 16)}.js`;
  const folder = join(www, "generated");
  const former = (await readdir(folder)).filter((file) => file.startsWith("completion-") && file !== name);
  await Promise.all(former.map((file) => rm(join(folder, file))));
  await writeFile(join(folder, name), bundle.contents);
  return { name, metafile };
}

await mkdir(join(www, "generated"), { recursive: true });
const later = await completion();
const [editor] = await Promise.all([
  build({
    ...shared,
    metafile: true,
    entryPoints: ["src/editor/index.js"],
    outfile: "generated/editor.js",
    format: "esm",
    define: { COMPLETION: JSON.stringify(`./${later.name}`) },
    external: [`./${later.name}`],
    plugins: [constructedSheets, withoutSyntaxTrees],
  }),
  // One file for all @imports. No target: the stylesheets use `light-dark()` and nesting as they are.
  build({ ...shared, target: [], entryPoints: ["styles/main.css"], outfile: "generated/main.css" }),
  catalogue(join(www, "../catalog"), join(www, "generated/catalog")),
  examples(join(www, "../examples"), join(www, "generated/examples")),
]);

const bundled = [editor, later].flatMap(({ metafile }) => Object.keys(metafile.inputs));
await writeFile(join(www, "generated/licenses.txt"), await licences(join(www, ".."), bundled));
