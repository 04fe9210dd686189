// Several tabs of one browser: each project is written by one of them, which holds a lock of its name. See decision 15.
//
// The lock says whether that tab is alive, the channel asks it for something. Neither keeps anything from being written over:
// that the store does (`owner` in store.js). So a browser without the one or the other loses nothing either.

const NAME = "dockerfile-lab";
/** The project of those who have only one. */
const FIRST = "current";
/** What a page that went left in `localStorage`. */
const COPY = `${NAME}.unsaved`;
/** How long a tab is waited for that does not answer: it may be frozen, and then has stored everything, or be gone. */
const PATIENCE_MS = { back: 300, store: 1_000, take: 2_000 };

/** This page among all others. */
const me = [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join("");

/** Ends the hold on the project that this tab writes. */
let release = () => {};
/** Ends the wait for the one that another tab writes. */
let waiting = new AbortController();
/** What the page does when it is told or asked something: `(what) => Promise<boolean>`. */
let heard = async () => false;
let mine;
let channel;
const asked = new Map();

/** The name of this page, which the store keeps with what it writes. */
export function owner() {
  return me;
}

/**
 * Finds the project to begin with: the one of this tab before a reload, else the one that was written last. Gives its name, and
 * whether this tab may write it.
 */
export async function begin(known, hears) {
  heard = hears;
  channel = open();
  const copied = copies().filter((id) => !known.some((one) => one.id === id));
  const before = session();
  const all = [...known, ...copied.map((id) => ({ id, written: written(id) }))];
  const newest = all.reduce((a, b) => (b.written > a.written ? b : a), { id: FIRST, written: -1 });
  const own = all.some(({ id }) => id === before?.id) ? before : undefined;
  const id = own?.id ?? newest.id;
  let held = await hold(id);
  if (!held && own?.writes) {
    // It was this tab's until it was loaded anew; who took it over in between gives it back.
    held = await ask("back", id) !== "no" && await hold(id, true);
  } else if (held && !navigator.locks) {
    // Nobody can be seen here, only heard: who comes last has it.
    held = await ask("take", id, PATIENCE_MS.back) !== "no";
  }
  settle(id, held);
  return { id, held };
}

/** Begins a project of this tab's own; gives its name. */
export function fresh() {
  waiting.abort();
  release();
  const id = `copy-${Date.now().toString(36)}-${me.slice(0, 6)}`;
  settle(id, true);
  hold(id);
  return id;
}

/** Asks the tab that writes a project to store what it has; done when it has, or does not answer. */
export function newest(id) {
  return ask("store", id);
}

/** Takes a project over from the tab that writes it. Gives whether it did: not if that one could not store its work. */
export async function takeOver(id) {
  if (await ask("take", id) === "no") {
    return false;
  }
  waiting.abort();
  const held = await hold(id, true);
  settle(id, held);
  return held;
}

/**
 * This tab no longer writes its project, and hears when nobody does: that tab was closed, or crashed. A lock that this tab has is
 * for the one that asked for it, and not for another that waits.
 */
export function watch(id) {
  setTimeout(release, PATIENCE_MS.take);
  release = () => {};
  settle(id, false);
  waiting.abort();
  waiting = new AbortController();
  const { signal } = waiting;
  navigator.locks?.request(`${NAME}/${id}`, { signal }, () => new Promise((resolve) => {
    release = resolve;
    settle(id, true);
    heard("free");
  })).catch(() => {});
}

/** Whether nobody else has taken over the project since; what a tab that was frozen does not hear of in time. */
export function isMine(id) {
  try {
    const known = localStorage.getItem(`${NAME}.owner.${id}`);
    return known === null || known === me;
  } catch {
    return true;
  }
}

/** Lets this tab begin with another project when it is loaded the next time. */
export function choose(id) {
  remember(id, false);
}

/** Forgets what is kept of a project beside the store. */
export function forget(id) {
  try {
    localStorage.removeItem(copyOf(id));
    localStorage.removeItem(`${NAME}.owner.${id}`);
  } catch {
    // Then there is nothing.
  }
}

/** What there is to know of the projects that are in no list: a page that went has left them, and did not come to store them. */
export function left(known) {
  return copies().filter((id) => !known.includes(id)).flatMap((id) => {
    try {
      const { written = 0, project, requests = [] } = JSON.parse(localStorage.getItem(copyOf(id)));
      const made = requests.filter(({ request }) => request.build).length;
      return [{ id, written, name: project.name, builds: project.builds.length + made }];
    } catch {
      return [];
    }
  });
}

/** The names of those projects of a list that no other tab has open. */
export async function free(ids) {
  const { held = [] } = await navigator.locks?.query?.().catch(() => ({})) ?? {};
  const names = new Set(held.map(({ name }) => name));
  return ids.filter((id) => !names.has(`${NAME}/${id}`));
}

/** Takes the lock of a project, if need be from who has it. */
function hold(id, steal = false) {
  return new Promise((resolve) => {
    if (!navigator.locks) {
      resolve(true);
      return;
    }
    let got = false;
    const wish = steal ? { steal: true } : { ifAvailable: true };
    navigator.locks.request(`${NAME}/${id}`, wish, (lock) => {
      got = lock !== null;
      resolve(got);
      return got ? new Promise((end) => { release = end; }) : undefined;
    }).catch(() => {
      if (!got) {
        // Not allowed here, as in a page without an origin.
        resolve(true);
      } else if (mine === id) {
        // Another tab had no answer from this one.
        heard("lost");
      }
    });
  });
}

function settle(id, writes) {
  mine = writes ? id : undefined;
  remember(id, writes);
  if (writes) {
    try {
      localStorage.setItem(`${NAME}.owner.${id}`, me);
    } catch {
      // Then the store alone decides.
    }
  }
}

/** Remembers what this tab has, for its reload; without that it begins with what was written last. */
function remember(id, writes) {
  try {
    sessionStorage.setItem(NAME, JSON.stringify({ id, writes }));
  } catch {
    // As said.
  }
}

function session() {
  try {
    return JSON.parse(sessionStorage.getItem(NAME)) ?? undefined;
  } catch {
    return undefined;
  }
}

/** When the copy of a project was written; one that cannot be read is looked at last. */
function written(id) {
  try {
    return JSON.parse(localStorage.getItem(copyOf(id))).written ?? 0;
  } catch {
    return 0;
  }
}

function copyOf(id) {
  return id === FIRST ? COPY : `${COPY}.${id}`;
}

function copies() {
  try {
    const keys = Object.keys(localStorage).filter((key) => key === COPY || key.startsWith(`${COPY}.`));
    return keys.map((key) => (key === COPY ? FIRST : key.slice(COPY.length + 1)));
  } catch {
    return [];
  }
}

/** Asks the tab that writes a project; gives `yes`, `no`, or `silence`. */
function ask(what, id, patience = PATIENCE_MS[what]) {
  return new Promise((resolve) => {
    if (!channel) {
      resolve("silence");
      return;
    }
    const number = `${me}/${asked.size}`;
    asked.set(number, resolve);
    channel.postMessage({ what, id, number });
    setTimeout(() => resolve("silence"), patience);
  });
}

function open() {
  try {
    const channel = new BroadcastChannel(NAME);
    channel.onmessage = async ({ data: { what, id, number, answer } }) => {
      if (answer !== undefined) {
        asked.get(number)?.(answer);
      } else if (id === mine) {
        channel.postMessage({ number, answer: await heard(what) ? "yes" : "no" });
      }
    };
    return channel;
  } catch {
    return undefined;
  }
}
