// What is heavy: bytes of code by Rust path, for each part of a module of the last release build.
//
//   node www/split/report.mjs worker [depth] [lines]
import { readFile } from "node:fs/promises";

import { read } from "./module.mjs";
import { readPlan } from "./plan.mjs";
import { divide } from "./split.mjs";

const [name = "worker", depth = "3", lines = "60"] = process.argv.slice(2);
const file = new URL(`../../target/wasm-opt/release/${name}_bg.wasm`, import.meta.url);
const plan = readPlan(await readFile(new URL(`${name}.txt`, import.meta.url), "utf8"));
const { module, imported, part } = divide(read(await readFile(file)), plan);

const groups = new Map();
part.forEach((own, index) => {
  const path = (module.names.get(index) ?? "?").replace(/\[[0-9a-f]+\]/g, "").replace(/^[<&*]+(mut |dyn )?/, "");
  const group = path.split(/::|[<>, ]/).filter(Boolean).slice(0, Number(depth)).join("::");
  const weights = groups.get(group) ?? Array(plan.parts.length + 1).fill(0);
  weights[own] += module.bodies[index - imported].length;
  groups.set(group, weights);
});

const row = (cells, group) => console.log(cells.map((cell) => String(cell).padStart(10)).join(""), "", group);
row(["first", ...plan.parts], "");
row(["first", ...plan.parts].map((_, at) => total(at)), "all");
const sorted = [...groups].sort(([, one], [, other]) => other[0] - one[0]);
sorted.slice(0, Number(lines)).forEach(([group, weights]) => row(weights, group));

function total(at) {
  return [...groups.values()].reduce((sum, weights) => sum + weights[at], 0);
}
