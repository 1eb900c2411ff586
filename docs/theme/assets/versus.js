// Any two models: fills the page's panel with another pair. Every word and figure comes from
// data/versus/, which the build wrote; nothing is computed here. "#a=…&b=…" in the address.
(() => {
  "use strict";

  const page = document.querySelector(".bp-versus");
  if (!page) return;
  const form = page.querySelector("form");
  const { a: first, b: second } = form.elements;
  const note = form.querySelector(".bp-compare__note");
  const given = {};
  const built = { a: page.dataset.a, b: page.dataset.b };

  window.benchproof.versus = (name, value) => (given[name] = value);

  async function of(name) {
    if (!given[name]) {
      await window.benchproof.load(name ? `data/versus/${name}.js` : "data/versus.js");
    }
    return given[name];
  }

  function asked() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const known = (name) => [...first.options].some((option) => option.value === name);
    const [a, b] = [wanted.get("a"), wanted.get("b")];
    const chosen = known(a) ? a : built.a;
    const other = known(b) && b !== chosen ? b : [built.a, built.b].find((m) => m !== chosen);
    return { a: chosen, b: other };
  }

  let latest;

  async function show({ a, b }) {
    const turn = (latest = {});
    [first.value, second.value] = [a, b];
    note.textContent = "";
    try {
      const [index, own, other] = await Promise.all([of(""), of(a), of(b)]);
      if (turn === latest) fill(index, own, other, a, b); // a later choice has not overtaken this
    } catch (error) {
      note.textContent = "The figures of this pair could not be loaded.";
      console.warn(error);
    }
  }

  function fill(index, own, other, a, b) {
    const panel = own.against[b];
    const names = Object.fromEntries(index.models);
    const text = { ...panel, standing: index.standings[panel.standing] };
    for (const [side, model] of Object.entries({ a, b })) {
      for (const span of page.querySelectorAll(`[data-name="${side}"]`)) {
        span.textContent = names[model];
      }
    }
    for (const key of ["lead", "difference", "standing", "corrected", "scale"]) {
      for (const slot of page.querySelectorAll(`[data-slot="${key}"]`)) slot.textContent = text[key];
    }
    for (const key of ["rates", "strata", "counts", "runtime"]) rows(key, panel[key]);
    claims(panel.claims.map((place) => index.claims[place]));
    problems(index, own.results, other.results);
  }

  function rows(key, list) {
    const part = page.querySelector(`[data-part="${key}"]`);
    if (!part) return;
    part.hidden = !list.length;
    const table = part.querySelector("table");
    table.tBodies[0].replaceChildren(...list.map((row) => line(row, table.dataset)));
  }

  function line(row, { bar, words: plain }) {
    const tr = document.createElement("tr");
    const words = row.filter((cell) => typeof cell === "string");
    const cells = words.map((text, at) => {
      const cell = document.createElement(at ? "td" : "th");
      if (!at) cell.scope = "row";
      const figures = at && plain === undefined;
      if (figures) cell.className = "bp-num";
      cell.append(...(figures ? stacked(text) : [text]));
      return cell;
    });
    const places = row.find(Array.isArray);
    if (bar && places) {
      const cell = document.createElement("td");
      const drawn = document.createElement("span");
      drawn.className = "bp-pairbar";
      ["--low", "--at", "--high"].forEach((name, at) => drawn.style.setProperty(name, places[at]));
      cell.append(drawn);
      cells.splice(Number(bar), 0, cell);
    }
    tr.append(...cells);
    return tr;
  }

  // A figure above its limits.
  function stacked(text) {
    const [, figure, limits] = /^(.*[\d%×]) \((.*)\)$/u.exec(text) ?? [];
    if (!figure) return [text];
    const below = document.createElement("span");
    below.className = "bp-limits";
    below.textContent = limits;
    return [figure, below];
  }

  function claims(list) {
    const part = page.querySelector('[data-part="claims"]');
    part.hidden = !list.length;
    const items = list.map(([text, verdict, href]) => {
      const [item, badge, link] = ["li", "span", "a"].map((tag) => document.createElement(tag));
      badge.className = `bp-badge bp-badge--${verdict}`;
      badge.textContent = verdict;
      link.href = href;
      link.textContent = text;
      item.append(badge, " ", link);
      return item;
    });
    part.querySelector("ul").replaceChildren(...items);
  }

  // The problems with unlike results, in the order of report/versus_page.py.
  function problems(index, own, other) {
    const count = page.querySelector('[data-slot="count"]');
    if (!count) return;
    const unlike = index.problems
      .map((problem, at) => [...problem, own[at], other[at]])
      .filter(([, , , x, y]) => x && y && x !== y);
    const gap = ([, , , x, y]) => Math.abs(parseInt(x, 10) - parseInt(y, 10));
    const passes = unlike.every(([, , , x]) => x === "passed" || x === "failed");
    unlike.sort(passes ? (p, q) => (p[3] !== "passed") - (q[3] !== "passed") : (p, q) => gap(q) - gap(p));
    const rest = unlike.length > index.most ? `, the first ${index.most} listed` : "";
    count.textContent = `${unlike.length.toLocaleString("en")} problems${rest}.`;
    rows("problems", unlike.slice(0, index.most));
  }

  function choose(a, b) {
    history.replaceState(history.state, "", `#${new URLSearchParams({ a, b })}`);
    show({ a, b });
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    if (first.value !== second.value) return choose(first.value, second.value);
    note.textContent = "Choose two different models.";
  });
  form.querySelector("button").addEventListener("click", () => choose(second.value, first.value));
  addEventListener("hashchange", () => show(asked()));
  const now = asked();
  if (now.a !== built.a || now.b !== built.b) show(now);
})();
