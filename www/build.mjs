// Makes www/generated: the editor's bundle, the stylesheet, and the data that the page fetches. Trunk calls this before
// each build.
import { build } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";
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

await mkdir(join(www, "generated"), { recursive: true });
const [editor] = await Promise.all([
  build({
    ...shared,
    metafile: true,
    entryPoints: ["src/editor/index.js"],
    outfile: "generated/editor.js",
    format: "esm",
    plugins: [constructedSheets, withoutSyntaxTrees],
  }),
  // One file for all @imports. No target: the stylesheets use `light-dark()` and nesting as they are.
  build({ ...shared, target: [], entryPoints: ["styles/main.css"], outfile: "generated/main.css" }),
  catalogue(join(www, "../catalog"), join(www, "generated/catalog")),
  examples(join(www, "../examples"), join(www, "generated/examples")),
]);

await writeFile(join(www, "generated/licenses.txt"), await licences(join(www, ".."), Object.keys(editor.metafile.inputs)));
