// Fetches the deferred parts of a module. This text is put before the module's glue code, on the page and in the worker.

/**
 * `files` holds the addresses of the parts, in the order of their numbers, which begin with 1. Each takes its imports from
 * those before it, so having one loaded has them loaded first.
 */
function deferredParts(identity, files) {
  const compiled = [];
  let fetching;
  const known = {};
  let loaded = 0;

  /** A call cannot wait, so this one takes the browser's time; `ahead` makes it rare. */
  const fetchNow = (file) => {
    const request = new XMLHttpRequest();
    try {
      request.open("GET", file, false);
      // A page may not ask for bytes in this way, but for a text of one byte for each character.
      request.overrideMimeType("text/plain; charset=x-user-defined");
      request.send();
    } catch {
      // Told by the status.
    }
    if (request.status !== 200) {
      tell();
      // src/page/app.rs knows the first word.
      throw new Error(`part/unreachable ${file}`);
    }
    return new WebAssembly.Module(Uint8Array.from(request.responseText, (character) => character.charCodeAt(0)));
  };

  /** On the page nothing may be drawn any more, so say it in plain markup. The worker's page hears of it as an error. */
  const tell = () => {
    // Once: more than one call may find its part missing.
    if (globalThis.document && !document.querySelector("p.unreachable")) {
      const message = document.createElement("p");
      message.setAttribute("role", "alert");
      message.className = "unreachable";
      message.textContent = document.documentElement.dataset.unreachable;
      document.body.prepend(message);
    }
  };

  const load = (part) => {
    for (; loaded < part; loaded++) {
      const module = compiled[loaded] ?? fetchNow(files[loaded]);
      Object.assign(known, new WebAssembly.Instance(module, { earlier: known }).exports);
    }
  };

  /** Fetches and compiles all parts. What fails now is tried again when it is called. */
  const ahead = () => fetching ??= Promise.allSettled(files.map(async (file, at) => {
    const response = await fetch(file);
    if (response.ok) {
      compiled[at] = await WebAssembly.compile(await response.arrayBuffer());
    }
  }));

  if (globalThis.document) {
    // For src/lab/parts.rs.
    globalThis.fetchAhead = ahead;
    // The first sign of a person. What is only read stays small.
    const signs = ["pointermove", "pointerdown", "touchstart", "wheel", "keydown"];
    const seen = () => {
      signs.forEach((sign) => removeEventListener(sign, seen, true));
      ahead();
    };
    signs.forEach((sign) => addEventListener(sign, seen, { capture: true, passive: true }));
    if (/[?&](embed|example)\b/.test(location.search) || location.hash) {
      // An address that asks for a project shows it at once.
      ahead();
    }
  } else {
    // The page says it when somebody begins to work, see src/lab/connection.rs.
    addEventListener("message", (event) => {
      if (event.data === "ahead") {
        event.stopImmediatePropagation();
        ahead();
      }
    });
  }

  return { imports: { [identity]: load }, begin: (exports) => Object.assign(known, exports) };
}
