// The loader of embeds. A page that shows a Dockerfile gets a small lab in its place:
//
//   <script async src="https://…/embed.js"></script>
//   <dockerfile-lab example="node-ordered" lang="ko" theme="dark" show="server.js" readonly>
//     <pre><code>FROM node …</code></pre>
//   </dockerfile-lab>
//
// All attributes may be left out. The block of code inside (or around) the element is the Dockerfile; it is also what
// shows without JavaScript and until the lab has drawn itself. `example` gives the other files. The lab loads when it
// scrolls into view; with `load="click"` only when the reader asks for it.
//
// The lab is a frame of the folder that this script came from. What the host says to it at first is in its address:
// `?embed` and the attributes, and the Dockerfile in the fragment, which no server sees. Later `set({ dockerfile, files,
// example, show })` and `build()` send messages. What it says to the host are messages too: how high it is, for the
// first time when it has drawn itself, and its verdicts, which the element passes on as an event `verdicts`.

// A classic script, because a module from another origin needs that origin's consent (CORS), which static hosting often
// does not give. As a module it works too where it may.
{
  const SCRIPT = document.currentScript ?? document.querySelector('script[src$="embed.js"]');
  const LAB = new URL("./", SCRIPT.src);
  const TYPE = "dockerfile-lab";
  const PASSED = ["example", "lang", "theme", "show", "readonly"];
  const WORDS = {
    en: { title: "Dockerfile Lab", start: "Try it in the lab" },
    ko: { title: "Dockerfile Lab", start: "실습해 보기" },
  };
  const STYLE = `
  :host { display: block; position: relative; margin-block: 1em; }
  :host([hidden]) { display: none; }
  iframe { display: block; width: 100%; border: 0; border-radius: 8px; color-scheme: auto; }
  iframe:not(.drawn) { position: absolute; inset: 0 0 auto; height: 1px; visibility: hidden; }
  button { font: inherit; padding: .4em 1em; border: 1px solid; border-radius: 6px; background: none; color: inherit; cursor: pointer; }
  [hidden] { display: none; }`;

  /** The code inside the element, or else around it; without the line break that HTML authors put first. */
  function dockerfileOf(element) {
    const inside = element.querySelector("pre code, pre, code") ?? element;
    const text = inside.textContent.trim() ? inside.textContent : element.closest("pre")?.textContent ?? "";
    return text.replace(/^\s*\n/, "").trimEnd();
  }

  class DockerfileLab extends HTMLElement {
    static observedAttributes = PASSED;

    #frame = null;
    #seen = null;
    #words = WORDS.en;
    #waiting = [];
    #ready = false;

    /** Sets texts of files, as in `docs/embedding.md`; loads the lab if it has not been loaded. */
    set(change) {
      this.#say({ set: change });
    }

    /** Keeps a build on the timeline. */
    build() {
      this.#say({ build: true });
    }

    connectedCallback() {
      if (!this.shadowRoot) {
        this.#build();
      }
      addEventListener("message", this);
      if (this.getAttribute("load") !== "click") {
        this.#seen = new IntersectionObserver((entries) => {
          if (entries.some((entry) => entry.isIntersecting)) {
            this.#load();
          }
        }, { rootMargin: "200px" });
        this.#seen.observe(this);
      }
    }

    disconnectedCallback() {
      removeEventListener("message", this);
      this.#seen?.disconnect();
      // A frame that moves in the document loads again: start over.
      this.#frame?.remove();
      this.#frame = null;
      this.#ready = false;
      this.#show(false);
    }

    attributeChangedCallback() {
      if (this.#frame) {
        this.#ready = false;
        this.#frame.src = this.address;
      }
    }

    /** The address of the frame, for the attributes and the code as they are now. */
    get address() {
      const url = new URL("index.html", LAB);
      const query = ["embed"];
      for (const name of PASSED) {
        const value = this.getAttribute(name);
        if (value === "" || (name === "readonly" && value !== null)) {
          query.push(name);
        } else if (value !== null) {
          query.push(`${name}=${encodeURIComponent(value)}`);
        }
      }
      // The reader's language is that of the page around.
      const around = this.hasAttribute("lang") ? null : this.closest("[lang]")?.getAttribute("lang");
      if (around) {
        query.push(`lang=${encodeURIComponent(around)}`);
      }
      url.search = query.join("&");
      const text = dockerfileOf(this);
      if (text) {
        url.hash = `dockerfile=${encodeURIComponent(text)}`;
      }
      return url.href;
    }

    #build() {
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      const lang = (this.closest("[lang]")?.getAttribute("lang") ?? "en").slice(0, 2).toLowerCase();
      this.#words = WORDS[lang] ?? WORDS.en;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = this.#words.start;
      button.addEventListener("click", () => this.#load());
      root.append(document.createElement("slot"), button);
    }

    #load() {
      this.#seen?.disconnect();
      if (this.#frame) {
        return;
      }
      const frame = document.createElement("iframe");
      frame.title = this.getAttribute("title") || this.#words.title;
      frame.allow = "clipboard-write";
      frame.src = this.address;
      this.#frame = frame;
      this.shadowRoot.append(frame);
    }

    /** Messages of the frame; any other window can send messages too, and is not heard. */
    handleEvent({ data, origin, source }) {
      const mine = this.#frame && source === this.#frame.contentWindow && origin === LAB.origin;
      if (!mine || data?.type !== TYPE) {
        return;
      }
      if (data.verdicts) {
        this.dispatchEvent(new CustomEvent("verdicts", { detail: data.verdicts, bubbles: true }));
      }
      if (data.ready) {
        this.#ready = true;
        this.#post({ hear: true });
        this.#waiting.splice(0).forEach((message) => this.#post(message));
      }
      if (!Number.isFinite(data.height)) {
        return;
      }
      this.#frame.style.height = `${Math.min(Math.max(Math.ceil(data.height), 80), 20000)}px`;
      this.#show(true);
    }

    #say(message) {
      if (this.#ready) {
        this.#post(message);
      } else {
        this.#waiting.push(message);
        this.#load();
      }
    }

    #post(message) {
      this.#frame.contentWindow.postMessage({ type: TYPE, ...message }, LAB.origin);
    }

    /** Either the lab, or the code and the button. */
    #show(drawn) {
      this.#frame?.classList.toggle("drawn", drawn);
      for (const part of this.shadowRoot.querySelectorAll("slot, button")) {
        part.hidden = drawn;
      }
    }
  }

  customElements.get("dockerfile-lab") ?? customElements.define("dockerfile-lab", DockerfileLab);
}
