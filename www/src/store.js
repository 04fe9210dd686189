// Texts in IndexedDB, by store and key. The database is open as long as the page: opening takes longer than a page that goes
// has.

const STORES = ["projects", "layers"];
let database;
let opening;

/** The text of a key; undefined when there is none. */
export async function get(store, key) {
  return done((await begin("readonly", store)).objectStore(store).get(key));
}

/** The keys of a store. */
export async function keys(store) {
  return done((await begin("readonly", store)).objectStore(store).getAllKeys());
}

/**
 * Writes `[store, key, text]`s, all of them or none; without a text a key is deleted. Once the database is open all is on its
 * way to the browser before this returns, so that it also comes to its end for a page that goes.
 */
export async function write(records) {
  const transaction = at("readwrite", STORES) ?? await begin("readwrite", STORES);
  const committed = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  for (const [name, key, text] of records) {
    const store = transaction.objectStore(name);
    text === undefined ? store.delete(key) : store.put(text, key);
  }
  transaction.commit();
  await committed;
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
