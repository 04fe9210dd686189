// Decides which functions of a module stay in its first part and which part the others go to. Knows names and calls,
// no bytes.

/**
 * Reads a plan: `[part]` begins a part, each line below it is the path of a Rust module, type or function; what lies there
 * begins that part. `[first]` names exceptions that stay; the longest path that fits decides. `path only` means the path
 * itself, not what lies below it; `path with other` means what speaks of both.
 */
export function readPlan(text) {
  const parts = [];
  const rules = [];
  let part;
  for (const line of text.split("\n").map((raw) => raw.replace(/#.*/, "").trim()).filter(Boolean)) {
    const head = /^\[(\w+)\]$/.exec(line);
    if (head) {
      part = head[1] === "first" ? 0 : parts.push(head[1]);
    } else if (part === undefined) {
      throw new Error(`a path before the first [part]: ${line}`);
    } else {
      const [path, how, other] = line.split(/\s+/);
      rules.push({ path, only: how === "only", other, part, used: false });
    }
  }
  rules.sort((one, other) => other.path.length - one.path.length || other.only - one.only);
  return { parts, rules };
}

/**
 * The part that the plan wants a function of `size` bytes to begin, if it says anything about it; 0 is the first part.
 *
 * A function may speak of several paths: its own, those of its type arguments, that of a trait. The last part of them all
 * needs it. The compiler keeps one of functions with the same bytes, under the name of any: names of small ones say
 * nothing, and least of all their type arguments.
 */
export function wanted(plan, name, size = Infinity) {
  const { own, spoken } = pathsIn(name);
  const all = [...own, ...spoken];
  const telling = size < TELLING.own ? [] : size < TELLING.arguments ? own : all;
  const rules = telling.map((path) => plan.rules.find((rule) => covers(rule, path, all))).filter(Boolean);
  rules.forEach((rule) => (rule.used = true));
  return rules.length === 0 ? undefined : Math.max(...rules.map(({ part }) => part));
}

/** From how many bytes on a name says whose function it is: by its own path, and by the paths of its type arguments. */
const TELLING = { own: 48, arguments: 300 };

function covers({ path, only, other }, found, all) {
  const below = (outer, inner) => inner === outer || inner.startsWith(`${outer}::`);
  return (only ? found === path : below(path, found)) && (!other || all.some((one) => below(other, one)));
}

/** The paths in a name such as `<lab::Type<core::Of> as lab::Trait>::method`: the type's, its method's, and the others. */
function pathsIn(name) {
  const plain = name.replace(/\[[0-9a-f]+\]/g, "");
  const spoken = plain.match(/[a-z_]\w*(::(\w+|\{[^}]*\}))+/gi) ?? [];
  if (!plain.startsWith("<")) {
    return { own: spoken.slice(0, 1), spoken: spoken.slice(1) };
  }
  const [type] = /^[\w:{}#]+/.exec(plain.replace(/^[<&*]+(mut |dyn )?/, "")) ?? [];
  const [method] = /^::\w+/.exec(plain.slice(closing(plain) + 1)) ?? [];
  return { own: type ? [type, type + method] : [], spoken };
}

/** The place of the bracket that closes the one at the start. */
function closing(text) {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    // The `>` of an arrow closes nothing.
    depth += text[at] === "<" ? 1 : text[at] === ">" && text[at - 1] !== "-" ? -1 : 0;
    if (depth === 0) {
      return at;
    }
  }
  return text.length;
}

function partOfPath(plan, path) {
  const rule = plan.rules.find((one) => path === one.path || (!one.only && path.startsWith(`${one.path}::`)));
  if (rule) {
    rule.used = true;
  }
  return rule?.part;
}

/**
 * The part of each function: 0 for what is reached from `roots` without crossing into a function that another part
 * begins with, then 1 for what is reached from the functions that begin part 1, and so on.
 *
 * `begins(index)` says which part a function begins, `callees(index)` whom it calls.
 */
export function assign({ functions, roots, parts, begins, callees }) {
  const assigned = new Map();
  for (let part = 0; part <= parts; part++) {
    const open = part === 0 ? roots.filter((index) => !begins(index)) : functions.filter((index) => begins(index) === part);
    while (open.length > 0) {
      const index = open.pop();
      if (!assigned.has(index)) {
        assigned.set(index, part);
        open.push(...[...callees(index)].filter((callee) => !assigned.has(callee) && (begins(callee) ?? part) <= part));
      }
    }
  }
  return assigned;
}
