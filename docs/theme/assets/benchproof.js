// Tables that sort and copy, charts that come alive. The page is whole without it.
(() => {
  "use strict";

  // ---- Start: at once, and after each page the theme swaps in; never twice on one element ------

  const started = new WeakSet();

  function each(selector, prepare) {
    for (const element of document.querySelectorAll(selector)) {
      if (started.has(element)) continue;
      started.add(element);
      prepare(element);
    }
  }

  function start() {
    each(".bp-table th button", (button) => {
      button.addEventListener("click", () => sortBy(button.closest("th")));
    });
    each(".bp-copy", (button) => {
      button.addEventListener("click", () => copy(button));
    });
    each(".bp-figure", prepareFigure);
    // The same place on the page, if the other version has it.
    each(".bp-elsewhere", (link) => {
      link.addEventListener("click", () => (link.hash = location.hash));
    });
    each(".bp-filter input", prepareFilter);
    each("[data-legend]", prepareStrips);
    each(".bp-claims-filter", prepareClaims);
    if (location.protocol === "file:") each("body", fromDisk);
  }

  // ---- Sorting ---------------------------------------------------------------------------------

  const originalOrder = new WeakMap();

  function sortBy(heading) {
    const table = heading.closest("table");
    const body = table.tBodies[0];
    if (!originalOrder.has(table)) originalOrder.set(table, [...body.rows]);
    const rows = originalOrder.get(table);
    const column = [...heading.parentNode.children].indexOf(heading);
    const direction = nextDirection(heading);
    for (const other of heading.parentNode.children) other.removeAttribute("aria-sort");
    if (direction) heading.setAttribute("aria-sort", direction);
    const order = direction === "descending" ? -1 : 1;
    const sorted = direction ? [...rows].sort((a, b) => compare(a, b, column, order)) : rows;
    body.append(...sorted);
  }

  // Figures are read from the top, names from A; the third press restores the page's order.
  function nextDirection(heading) {
    const [first, second] = heading.classList.contains("bp-num")
      ? ["descending", "ascending"]
      : ["ascending", "descending"];
    const now = heading.getAttribute("aria-sort");
    if (now === first) return second;
    return now === second ? null : first;
  }

  function compare(a, b, column, order) {
    const [left, right] = [key(a.cells[column]), key(b.cells[column])];
    if (left === "" || right === "") return (left === "") - (right === ""); // no value: always last
    if (typeof left === "number" && typeof right === "number") return order * (left - right);
    return order * String(left).localeCompare(String(right), "en", { numeric: true });
  }

  function key(cell) {
    const text = cell.dataset.sort ?? cell.textContent.trim();
    if (text === "" || text === "–" || text === "—") return "";
    const number = Number(text === "inf" ? Infinity : text === "-inf" ? -Infinity : text);
    return Number.isNaN(number) ? text : number;
  }

  // ---- Filtering -------------------------------------------------------------------------------

  // A row stays if it holds every word that was typed.
  function prepareFilter(input) {
    const box = input.closest(".bp-table");
    const count = input.parentNode.querySelector("output");
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const rows = [...box.querySelector("table").tBodies[0].rows];
      for (const row of rows) {
        const text = [...row.cells].map(shownText).join(" ").toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      }
      const shown = rows.filter((row) => !row.hidden).length;
      count.textContent = words.length ? `${shown} of ${rows.length}` : "";
    });
  }

  // What a cell says at a glance: of a panel only its title.
  function shownText(cell) {
    return (cell.querySelector("summary") ?? cell).textContent;
  }

  // ---- Strips: whose cell is it? ---------------------------------------------------------------

  const states = { "bp-s0": "not passed", "bp-s4": "passed", "bp-sn": "no outcome" };

  function prepareStrips(table) {
    const names = JSON.parse(table.dataset.legend);
    table.addEventListener("pointermove", (event) => {
      const strip = event.target.closest?.(".bp-strip");
      if (!strip) return hideTooltip();
      const x = event.clientX - strip.getBoundingClientRect().left;
      const name = names[Math.floor(x / Number(strip.dataset.cell))];
      const state = states[event.target.getAttribute("class")] ?? "in part";
      if (name) showTooltip(null, event, null, `${name}: ${state}`);
    });
    table.addEventListener("pointerleave", hideTooltip);
  }

  // ---- Claims: filter by verdict and section, order by p; "#verdict=…" in the address --------

  const VERDICTS = ["contradicted", "misstated", "unresolved", "untestable", "supported"];

  function prepareClaims(bar) {
    const list = document.querySelector(".bp-claims");
    const claims = [...list.children];
    const buttons = [...bar.querySelectorAll("button")];
    const [section, order] = bar.querySelectorAll("select");
    const show = () => {
      const wanted = buttons.filter(pressed).map((button) => button.dataset.verdict);
      for (const claim of claims) {
        const verdict = !wanted.length || wanted.includes(claim.dataset.verdict);
        claim.hidden = !(verdict && (!section.value || claim.dataset.section === section.value));
      }
      list.append(...ordered(claims, order.value));
      say(`${claims.filter((claim) => !claim.hidden).length} of ${claims.length} claims`);
    };
    for (const button of buttons) {
      button.addEventListener("click", () => {
        button.setAttribute("aria-pressed", String(!pressed(button)));
        show();
      });
    }
    for (const select of [section, order]) select.addEventListener("change", show);
    const asked = () => {
      const verdict = /^#verdict=(\w+)$/.exec(location.hash)?.[1];
      const chosen = buttons.find((button) => button.dataset.verdict === verdict);
      if (!chosen) return;
      for (const button of buttons) button.setAttribute("aria-pressed", String(button === chosen));
      show();
      bar.scrollIntoView({ block: "center" });
    };
    addEventListener("hashchange", asked);
    asked();
  }

  function pressed(button) {
    return button.getAttribute("aria-pressed") === "true";
  }

  function ordered(claims, by) {
    if (by === "p") return [...claims].sort((a, b) => number(a.dataset.p) - number(b.dataset.p));
    const place = (claim) => VERDICTS.indexOf(claim.dataset.verdict);
    return by === "verdict" ? [...claims].sort((a, b) => place(a) - place(b)) : claims;
  }

  function number(text) {
    return text ? Number(text) : 2; // no p: after the largest
  }

  // ---- Copying ---------------------------------------------------------------------------------

  async function copy(button) {
    const label = (button.dataset.label ??= button.textContent);
    button.textContent = (await written(button.dataset.copy)) ? "Copied" : "Not allowed";
    say(`${label}: ${button.textContent}`);
    setTimeout(() => (button.textContent = label), 1600);
  }

  async function written(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }

  // What changed without moving the focus is said to screen readers.
  function say(text) {
    let status = document.querySelector(".bp-status");
    if (!status) {
      status = document.createElement("p");
      status.className = "bp-status";
      status.setAttribute("role", "status");
      document.body.append(status);
    }
    status.textContent = text;
  }

  // ---- Live charts -----------------------------------------------------------------------------

  const specs = {};
  const scripts = {};
  const pictures = new WeakMap(); // what was drawn at build time, to go back to

  // A script element, because a page opened from disk may load a script but not read a file.
  function load(url) {
    return (scripts[url] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = url;
      script.onload = resolve;
      script.onerror = () => {
        delete scripts[url];
        reject(new Error(`cannot load ${url}`));
      };
      document.head.append(script);
    }));
  }

  function prepareFigure(figure) {
    const button = figure.querySelector(".bp-live");
    const slots = figure.querySelectorAll(".bp-chart > *");
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      figure.dataset.live = on ? "yes" : "no";
      button.setAttribute("aria-pressed", String(on));
      for (const slot of slots) on ? bringToLife(slot, figure) : putToRest(slot);
    });
    for (const slot of slots) {
      // Whoever points at a chart wants to know what it says there.
      slot.addEventListener("pointerenter", () => {
        if (figure.dataset.live === "no") return;
        button.setAttribute("aria-pressed", "true");
        bringToLife(slot, figure);
      });
    }
  }

  async function bringToLife(slot, figure) {
    if (pictures.has(slot) || slot.offsetParent === null) return;
    const picture = slot.firstElementChild;
    pictures.set(slot, picture);
    try {
      const { chart, root } = figure.dataset;
      // Labels are measured when the chart is drawn: in the typeface it was drawn with before.
      const typeface = document.fonts.load("12px Inter").catch(() => {});
      const scripts = [`${root}assets/vega.js`, `${root}data/charts/${chart}.js`];
      await Promise.all([typeface, ...scripts.map(load)]);
      const width = slot.classList.contains("bp-chart__wide") ? "wide" : "narrow";
      const live = await draw(specs[chart][width]);
      live.setAttribute("role", "img");
      live.setAttribute("aria-label", picture.getAttribute("aria-label"));
      // Same size and place: nothing on the page moves.
      if (figure.dataset.live !== "no") slot.replaceChildren(live);
      slot.dispatchEvent(new CustomEvent("bp-drawn", { bubbles: true }));
    } catch (error) {
      pictures.delete(slot);
      console.warn("The chart stays a picture.", error);
    }
  }

  function putToRest(slot) {
    if (!pictures.has(slot)) return;
    slot.replaceChildren(pictures.get(slot));
    pictures.delete(slot);
    slot.dispatchEvent(new CustomEvent("bp-drawn", { bubbles: true }));
    hideTooltip();
  }

  const nothing = () => Promise.reject(new Error("charts load nothing"));

  async function draw(spec) {
    const outside = document.createElement("div");
    await window.vegaEmbed(outside, spec, {
      mode: "vega",
      renderer: "svg", // colours stay CSS variables, so the palette switch reaches them
      ast: true, // expressions are interpreted: no eval, whatever the page's policy
      actions: false,
      defaultStyle: false,
      loader: { load: nothing, sanitize: nothing, http: nothing, file: nothing },
      tooltip: showTooltip,
    });
    return outside.querySelector("svg");
  }

  // ---- Tooltips: text only ---------------------------------------------------------------------

  let tooltip;

  function hideTooltip() {
    if (tooltip) tooltip.hidden = true;
  }

  function showTooltip(_handler, event, _item, value) {
    if (value === null || value === undefined || value === "") return hideTooltip();
    if (!tooltip) {
      tooltip = document.createElement("div");
      tooltip.className = "bp-tooltip";
      document.body.append(tooltip);
    }
    tooltip.replaceChildren(typeof value === "object" ? listed(value) : String(value));
    tooltip.hidden = false;
    const { width, height } = tooltip.getBoundingClientRect();
    const left = Math.min(event.clientX + 14, innerWidth - width - 8);
    const below = event.clientY + 16;
    const top = below + height > innerHeight - 8 ? event.clientY - height - 12 : below;
    tooltip.style.left = `${Math.max(8, left)}px`;
    tooltip.style.top = `${Math.max(8, top)}px`;
  }

  function listed(values) {
    const list = document.createElement("dl");
    for (const [name, value] of Object.entries(values)) {
      const [term, text] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = name;
      text.textContent = String(value);
      list.append(term, text);
    }
    return list;
  }

  // ---- Pages opened from disk ------------------------------------------------------------------

  function fromDisk() {
    load(`${base()}/../versions.js`).catch(() => {});
  }

  function base() {
    return JSON.parse(document.getElementById("__config").textContent).base;
  }

  function listVersions(versions) {
    const root = new URL(`${base()}/`, location.href).pathname;
    const here = root.split("/").at(-2);
    const page = decodeURIComponent(location.pathname.slice(root.length));
    const list = document.createElement("nav");
    list.className = "bp-versions";
    list.setAttribute("aria-label", "Versions");
    for (const { version, title, pages } of versions) {
      const link = document.createElement("a");
      link.href = `${base()}/../${version}/${pages.includes(page) ? page : "index.html"}`;
      link.textContent = title;
      if (version === here) link.setAttribute("aria-current", "true");
      list.append(link);
    }
    document.querySelector(".md-header__topic").append(list);
  }

  // ---- What loaded scripts call, and printing --------------------------------------------------

  window.benchproof = {
    chart: (id, spec) => (specs[id] = spec),
    versions: listVersions,
    load: (path) => load(new URL(path, new URL(`${base()}/`, location.href)).href),
    say,
  };

  const opened = []; // folds that paper shows and the screen did not

  addEventListener("beforeprint", () => {
    // Panels inside a table's cell stay closed: their row says the same at a glance.
    const folded = document.querySelectorAll(".md-content details:not([open], .bp-panel)");
    opened.push(...folded);
    for (const details of folded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened.splice(0)) details.open = false;
  });

  // An address can name a tab (pymdownx.tabbed), whose radio button then has to be the chosen one.
  const tab = document.getElementById(location.hash.slice(1));
  if (tab?.name?.startsWith("__tabbed_")) tab.checked = true;

  start();
  window.document$?.subscribe(start);
})();
