// A focus model of the reader's own: drawn in blue on every page, "?focus=…" in the address. And
// linked highlighting: what is pointed at, or has the keyboard's focus, lights up all over the page.
// Marks, labels and rows carry data-m, the models they are about (report/hooks.py).
(() => {
  "use strict";

  const root = document.documentElement;
  const select = document.getElementById("bp-focus");
  const base = new URL(`${JSON.parse(document.getElementById("__config").textContent).base}/`, location);
  const KEPT = `focus ${base.pathname}`;
  let names = new Map(); // slug by label
  let chosen = "";

  const models = (element) => element.dataset.m.split(" ");
  const hooked = () => document.querySelectorAll("[data-m]");

  // ---- Choosing --------------------------------------------------------------------------------

  // A convenience for pages that are opened anew; browsers may refuse, then the address alone holds.
  function kept(value) {
    try {
      if (value === undefined) return sessionStorage.getItem(KEPT) ?? "";
      sessionStorage.setItem(KEPT, value);
    } catch {
      return "";
    }
  }

  function asked() {
    return new URLSearchParams(location.search).get("focus") ?? kept();
  }

  function choose(model, { say = false } = {}) {
    chosen = [...names.values()].includes(model) ? model : "";
    kept(chosen);
    const address = new URL(location.href);
    if (chosen) address.searchParams.set("focus", chosen);
    else address.searchParams.delete("focus");
    if (address.href !== location.href) history.replaceState(history.state, "", address);
    if (select) select.value = chosen;
    paint();
    if (say) {
      const label = [...names].find(([, slug]) => slug === chosen)?.[0];
      window.benchproof.say(label ? `Focus: ${label}` : "Focus models as published");
    }
  }

  function paint() {
    root.classList.toggle("bp-refocused", Boolean(chosen));
    for (const element of hooked()) {
      element.classList.toggle("bp-chosen", models(element)[0] === chosen && chosen !== "");
    }
  }

  function listModels(list) {
    names = new Map(list.map(([slug, label]) => [label, slug]));
    if (select) {
      for (const [label, slug] of names) select.append(new Option(label, slug));
    }
    for (const slot of document.querySelectorAll(".bp-chart > *")) hook(slot);
    choose(asked());
  }

  // Links within the version take the choice along, where nothing else may keep it.
  function carry(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || !chosen || link.hasAttribute("download")) return;
    const url = new URL(link.href, location.href);
    if (!url.href.startsWith(base.href) || !/(\/|\.html)$/.test(url.pathname)) return;
    if (url.href.split("#")[0] === location.href.split("#")[0]) return;
    url.searchParams.set("focus", chosen);
    link.href = url.href;
  }

  // ---- Live charts: marks say which model they draw ----------------------------------------------

  function hook(slot) {
    for (const mark of slot.querySelectorAll("svg.marks [aria-label], svg.marks text")) {
      const said = mark.getAttribute("aria-label") ?? mark.textContent;
      const parts = said.split(" − ").map((part) => {
        return names.get(part) ?? names.get(part.slice(0, Math.max(part.lastIndexOf(", "), 0))) ?? begun(part);
      });
      if (parts.every(Boolean)) mark.dataset.m = parts.join(" ");
    }
  }

  // The model of a label that was cut, if no other begins like it.
  function begun(text) {
    if (!text.endsWith("…")) return undefined;
    const begin = text.slice(0, -1).trimEnd();
    const found = [...names].filter(([label]) => begin && label.startsWith(begin));
    return found.length === 1 ? found[0][1] : undefined;
  }

  // ---- Lighting up -----------------------------------------------------------------------------

  let lit = "";

  function light(element) {
    const wanted = element?.dataset.m ?? "";
    if (wanted === lit) return;
    lit = wanted;
    const asked = lit ? lit.split(" ") : [];
    for (const other of hooked()) {
      const own = models(other);
      // One model lights all that is about it; a pair lights its two models and itself.
      const related =
        asked.length === 1 ? own.includes(lit) : asked.length > 0 && own.every((m) => asked.includes(m));
      other.classList.toggle("bp-lit", related);
    }
    for (const picture of document.querySelectorAll(".bp-chart svg")) {
      picture.classList.toggle("bp-lighting", Boolean(picture.querySelector(".bp-lit")));
    }
  }

  const about = (event) => event.target.closest?.("[data-m]");

  addEventListener("pointerover", (event) => light(about(event)));
  addEventListener("focusin", (event) => light(about(event)));
  addEventListener("focusout", () => light(null));
  document.addEventListener("pointerleave", () => light(null));
  addEventListener("click", carry, true);
  addEventListener("auxclick", carry, true);
  addEventListener("click", (event) => {
    const mark = about(event);
    if (!mark?.closest("svg, .bp-grid") || models(mark).length > 1) return;
    // Links and folds in a row keep their meaning, and marked text is there to be copied.
    if (event.target.closest("a, button, summary, label, input") || String(getSelection())) return;
    choose(mark.dataset.m === chosen ? "" : mark.dataset.m, { say: true });
  });
  addEventListener("bp-drawn", ({ target }) => {
    hook(target);
    paint();
    lit = "";
  });
  select?.addEventListener("change", () => choose(select.value, { say: true }));

  window.benchproof.models = listModels;
  if (select || asked()) window.benchproof.load("data/models.js").catch(() => {});
})();
