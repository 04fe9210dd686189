// Bundles the JavaScript parts of the page into www/generated. Trunk calls this before each build.
import { build } from "esbuild";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

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

await mkdir(join(www, "generated"), { recursive: true });
await build({
  absWorkingDir: www,
  entryPoints: ["src/editor/index.js"],
  outfile: "generated/editor.js",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  plugins: [constructedSheets, withoutSyntaxTrees],
  logLevel: "warning",
});
