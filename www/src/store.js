// Records in IndexedDB, by store and key. The database is open as long as the page: opening takes longer than a page that goes
// has.

const PROJECTS = "projects";
const LAYERS = "layers";
const STORES = [PROJECTS, LAYERS];
/** Beside the record of each project is one about it, under this and its name. */
const ABOUT = "about/";
const A_DAY_MS = 86_400_000;
// What goes wrong has a name here; the page has the words.
const BLOCKED = "store/blocked";
const GIVEN_UP = "store/given-up";
let database;
let opening;
/** Whether a request to open it waits for an older page to go. */
let blocked = false;
/** The projects that this page has made its own. */
const taken = new Set();

/** The record of a key; undefined when there is none. */
export async function get(store, key) {
  return done((await begin("readonly", store)).objectStore(store).get(key));
}

/** Writes the record of a key. */
export async function put(store, key, record) {
  const transaction = await begin("readwrite", store);
  transaction.objectStore(store).put(record, key);
  transaction.commit();
  await committed(transaction);
}

/**
 * Writes the record of a project for a page that goes. Once the database is open it is on its way to the browser before this
 * returns, so that it also comes to its end.
 */
export async function leave(key, project, about) {
  const transaction = at("readwrite", PROJECTS) ?? await begin("readwrite", PROJECTS);
  const projects = transaction.objectStore(PROJECTS);
  projects.put(project, key);
  projects.put({ ...about, id: key }, ABOUT + key);
  transaction.commit();
  await committed(transaction);
}

/** What is known about the projects of this browser; a browser whose database fails says so when a project is read. */
export async function list() {
  try {
    const projects = (await begin("readonly", PROJECTS)).objectStore(PROJECTS);
    const range = IDBKeyRange.bound(ABOUT, `${ABOUT}\uffff`);
    return await done(projects.getAll(range));
  } catch {
    return [];
  }
}

/**
 * Reads a project, and makes it that of this page (`owner`): from now on nobody else's `save` writes over it. Both at once, so
 * that no save of the page before comes between.
 */
export async function take(key, owner) {
  const transaction = await begin("readwrite", PROJECTS);
  const end = committed(transaction);
  // What is wrong with a request is told by it.
  end.catch(() => {});
  const projects = transaction.objectStore(PROJECTS);
  const [about, project] = await Promise.all([done(projects.get(ABOUT + key)), done(projects.get(key))]);
  if (project !== undefined) {
    // Of what was stored by an older lab nobody knows which layers it needs: there is no list of its seals.
    projects.put({ id: key, written: 0, ...about, owner }, ABOUT + key);
    transaction.commit();
  }
  await end;
  taken.add(key);
  return project;
}

/**
 * Writes the record of a project with what there is to know `about` it, and of the layers that it names those that are not
 * there; layers that no project names are deleted. All of it or nothing, and no other page comes between the look and the
 * writing. `text` gives the text of a layer, or nothing for one that is to be left out. Gives whether it was written: not over
 * what another page has made its own since this one did, and `once` over nothing at all.
 */
export async function save(key, project, about, text, once = false) {
  const transaction = at("readwrite", STORES) ?? await begin("readwrite", STORES);
  const end = committed(transaction);
  const projects = transaction.objectStore(PROJECTS);
  const layers = transaction.objectStore(LAYERS);
  let written = false;
  let fault;
  // What is thrown in a listener would be nobody's.
  const step = (work) => ({ target }) => {
    try {
      work(target.result);
    } catch (error) {
      fault = error;
      transaction.abort();
    }
  };
  const of = IDBKeyRange.bound(ABOUT, `${ABOUT}\uffff`);
  projects.getAll(of).onsuccess = step((all) => {
    const known = all.find(({ id }) => id === key);
    if (known && (once || (taken.has(key) && known.owner !== about.owner))) {
      return;
    }
    written = true;
    projects.put(project, key);
    projects.put({ ...about, id: key }, ABOUT + key);
    // An example that a tab opened, and that nobody touched, is not kept for good.
    const isOver = ({ id, work, written }) => id !== key && work === false && written < about.written - A_DAY_MS;
    for (const { id } of all.filter(isOver)) {
      projects.delete(id);
      projects.delete(ABOUT + id);
    }
    const others = all.filter((one) => one.id !== key && !isOver(one));
    layers.getAllKeys().onsuccess = step((there) => {
      const lacking = new Set(about.seals);
      there.forEach((seal) => lacking.delete(seal));
      for (const seal of lacking) {
        const layer = text(seal);
        if (layer !== undefined) {
          layers.put(layer, seal);
        }
      }
      if (others.some(({ seals }) => seals === undefined)) {
        return;
      }
      const named = new Set([...about.seals, ...others.flatMap(({ seals }) => seals)]);
      there.filter((seal) => !named.has(seal)).forEach((seal) => layers.delete(seal));
    });
  });
  try {
    await end;
  } catch (error) {
    throw fault ?? error;
  }
  if (written && !once) {
    taken.add(key);
  }
  return written;
}

/** What is kept about a project. `work`: whether a person did anything to what it began as. */
export function about(owner, written, name, builds, work, seals) {
  return { owner, written, name, builds, work, seals };
}

/** Deletes a project. Its layers go with the next save. */
export async function remove(key) {
  const transaction = await begin("readwrite", PROJECTS);
  transaction.objectStore(PROJECTS).delete(key);
  transaction.objectStore(PROJECTS).delete(ABOUT + key);
  await committed(transaction);
}

function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error(GIVEN_UP));
  });
}

/** Begins a transaction; a database that the browser has closed meanwhile is opened anew. */
async function begin(mode, stores) {
  const begun = at(mode, stores);
  if (begun) {
    return begun;
  }
  // Whoever comes while it is being opened waits for the same.
  opening ??= open().finally(() => { opening = undefined; });
  return (await opening).transaction(stores, mode);
}

function open() {
  if (blocked) {
    // Another request would wait behind it without a word.
    return Promise.reject(new Error(BLOCKED));
  }
  const request = indexedDB.open("dockerfile-lab", 2);
  request.onupgradeneeded = () => {
    // What is there from a version before stays.
    const known = request.result.objectStoreNames;
    STORES.filter((store) => !known.contains(store)).forEach((store) => request.result.createObjectStore(store));
  };
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      blocked = false;
      adopt(request.result);
      resolve(request.result);
    };
    request.onerror = () => {
      blocked = false;
      reject(request.error);
    };
    // It may still be opened, for who comes later.
    request.onblocked = () => {
      blocked = true;
      reject(new Error(BLOCKED));
    };
  });
}

/** Keeps a database as long as it is open. */
function adopt(opened) {
  const forget = () => {
    if (database === opened) {
      database = undefined;
    }
  };
  opened.onclose = forget;
  // A newer version of the lab in another tab may go on; this one opens the database anew, and says if it cannot.
  opened.onversionchange = () => {
    opened.close();
    forget();
  };
  database = opened;
}

function at(mode, stores) {
  try {
    return database?.transaction(stores, mode);
  } catch {
    return undefined;
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
