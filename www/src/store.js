// Records in IndexedDB, by store and key. The database is open as long as the page: opening takes longer than a page that goes
// has.

const PROJECTS = "projects";
const LAYERS = "layers";
const STORES = [PROJECTS, LAYERS];
let database;
let opening;

/** The record of a key; undefined when there is none. */
export async function get(store, key) {
  return done((await begin("readonly", store)).objectStore(store).get(key));
}

/**
 * Writes the record of a key. Once the database is open it is on its way to the browser before this returns, so that it also
 * comes to its end for a page that goes.
 */
export async function put(store, key, record) {
  const transaction = at("readwrite", store) ?? await begin("readwrite", store);
  transaction.objectStore(store).put(record, key);
  transaction.commit();
  await committed(transaction);
}

/**
 * Writes the record of a project, and of the layers that it names those that are not there; those that it does not name are
 * deleted. All of it or nothing, and no other page comes between the look and the writing. `text` gives the text of a layer, or
 * nothing for one that is to be left out. Without layers it is on its way at once, as with `put`.
 */
export async function save(key, project, seals, text) {
  const transaction = at("readwrite", STORES) ?? await begin("readwrite", STORES);
  const end = committed(transaction);
  transaction.objectStore(PROJECTS).put(project, key);
  const layers = transaction.objectStore(LAYERS);
  if (seals.length === 0) {
    layers.clear();
    transaction.commit();
    return end;
  }
  const look = layers.getAllKeys();
  look.onsuccess = () => {
    const there = new Set(look.result);
    for (const seal of seals) {
      const written = there.delete(seal) ? undefined : text(seal);
      if (written !== undefined) {
        layers.put(written, seal);
      }
    }
    there.forEach((seal) => layers.delete(seal));
  };
  return end;
}

function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("The transaction was given up."));
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

async function open() {
  const request = indexedDB.open("dockerfile-lab", 2);
  request.onupgradeneeded = () => {
    // What is there from a version before stays.
    const known = request.result.objectStoreNames;
    STORES.filter((store) => !known.contains(store)).forEach((store) => request.result.createObjectStore(store));
  };
  const opened = await new Promise((resolve, reject) => {
    let late = false;
    request.onsuccess = () => (late ? request.result.close() : resolve(request.result));
    request.onerror = () => reject(request.error);
    request.onblocked = () => {
      late = true;
      reject(new Error("Another tab holds an older version of it open."));
    };
  });
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
  return opened;
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
