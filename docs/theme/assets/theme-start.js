// What the theme's bundle expects to find, and the reader's palette before the first paint. The
// theme writes both into each page; a policy that forbids inline scripts wants them in a file.
(() => {
  "use strict";

  // One scope for all versions: who chose the dark palette keeps it in the next version.
  // Before anything is laid out, so that buttons which need a script push nothing aside later.
  document.documentElement.classList.remove("no-js");

  const { scope: folder, follow } = document.currentScript.dataset;
  const scope = new URL(folder, location);
  const key = (base, name) => `${base.pathname}.${name}`;

  Object.assign(window, {
    __md_scope: scope,
    __md_hash: (text) => [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) | 0, 0),
    // A browser that keeps nothing for this site throws when asked; the reader then starts anew.
    __md_get(name, store, base = scope) {
      try {
        return JSON.parse((store ?? localStorage).getItem(key(base, name)));
      } catch {
        return null;
      }
    },
    __md_set(name, value, store, base = scope) {
      try {
        (store ?? localStorage).setItem(key(base, name), JSON.stringify(value));
      } catch {
        // Not kept, as above.
      }
    },
  });

  const system = "(prefers-color-scheme)";

  function paint() {
    const chosen = window.__md_get("__palette")?.color;
    const colour = chosen ?? (follow === "yes" ? { media: system } : {});
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const shown =
      colour.media === system ? { ...colour, scheme: dark ? "slate" : "default" } : colour;
    for (const [name, value] of Object.entries(shown)) {
      document.body.setAttribute(`data-md-color-${name}`, value);
    }
  }

  // The font early enough for the first paint (a late one is not taken: nothing on a page moves).
  // A link in the page would be an error on each page opened from disk.
  if (location.protocol !== "file:") {
    const font = new URL("fonts/inter.woff2", document.currentScript.src).href;
    const early = { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href: font };
    document.head.append(Object.assign(document.createElement("link"), early));
  }

  // The body is there before it is painted: nobody sees the other palette flash by.
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    observer.disconnect();
    paint();
  }).observe(document.documentElement, { childList: true });
})();
