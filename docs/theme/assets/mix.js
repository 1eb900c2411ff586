// Another mix: sliders multiply the benchmark's own number of problems in a difficulty or category;
// rates, limits and ranks are computed anew from exact counts. The address holds what is not 1.
(() => {
  "use strict";

  const page = document.querySelector(".bp-mix");
  const given = window.benchproofMix;
  const statistics = window.benchproofStatistics;
  if (!page || !given || !statistics) return;

  const form = page.querySelector("form");
  const sliders = [...form.querySelectorAll("input")];
  const status = page.querySelector("[role=status]");
  const body = page.querySelector("tbody");
  const rows = new Map([...body.rows].map((row) => [row.dataset.model, row]));
  // Kept apart from the sliders: a stated mix may lie between their steps.
  const factors = new Map(sliders.map(({ name }) => [name, 1]));

  const names = (kind) => given.names[kind].map(([key]) => `${kind}.${key}`);
  const factor = (name) => factors.get(name) ?? 1;
  const even = (kind) => new Set(names(kind).map(factor)).size <= 1;

  // The coarsest grouping that holds the mix, as report/mix.py chooses it.
  function grouping() {
    if (given.names.d.length && (even("c") || !given.names.c.length)) return "difficulty";
    return even("d") || !given.names.d.length ? "category" : "cell";
  }

  function weights(strata) {
    const of = (kind, at) => (at === null ? 1 : factor(names(kind)[at]));
    return strata.map(([category, difficulty, n]) => of("c", category) * of("d", difficulty) * n);
  }

  // Every model on the mix: {key, estimate, low, high, ranks}, without those that it leaves nothing.
  function results() {
    const chosen = grouping();
    const mix = weights(given.strata[chosen]);
    if (!mix.some((weight) => weight > 0)) return [];
    const at = (model, wide) => {
      const strata = model.strata[chosen];
      if (!given.shares) {
        const [passes, totals] = [0, 1].map((part) => strata.map((stratum) => stratum[part]));
        return statistics.standardisedRate(passes, totals, mix, given.z[wide]);
      }
      const means = strata.map(([n, mean, ...ends]) => {
        return n ? { n, mean, low: ends[2 * wide], high: ends[2 * wide + 1] } : { n: 0 };
      });
      return statistics.standardisedMean(means, mix);
    };
    const found = given.models.flatMap((model) => {
      const own = at(model, 0);
      return own ? [{ key: model.key, ...own, joint: at(model, 1) }] : [];
    });
    const ranks = statistics.rankSets(found.map(({ joint }) => joint));
    return found.map(({ joint, ...own }, index) => ({ ...own, ranks: ranks[index] }));
  }

  // ---- Words, as report/numbers.py writes them ---------------------------------------------------

  function percent(fraction, digits = 1) {
    const value = 100 * fraction;
    // Exact ties go to the even digit, as they do in Python.
    const tie = digits === 1 && (value * 4) % 4 === 1;
    return `${tie ? `${Math.floor(value)}.2` : value.toFixed(digits)}%`;
  }

  function times(value) {
    return `×${Number(value.toFixed(2))}`;
  }

  function show() {
    const found = results().sort((a, b) => b.estimate - a.estimate);
    const shown = found.map((own) => {
      const place = 1 + found.filter((other) => other.estimate > own.estimate + 1e-12).length;
      return fill(rows.get(own.key), own, place);
    });
    body.replaceChildren(...shown);
    say(found.length);
    for (const slider of sliders) describe(slider);
  }

  function fill(row, { estimate, low, high, ranks }, place) {
    const [number, , , rate, bar, rank] = row.cells;
    number.textContent = place;
    rate.firstChild.textContent = percent(estimate);
    rate.lastChild.textContent = `${percent(low).slice(0, -1)} to ${percent(high)}`;
    const { style } = bar.firstElementChild;
    for (const [name, end] of Object.entries({ low, at: estimate, high })) {
      style.setProperty(`--${name}`, 100 * end);
    }
    rank.textContent = ranks[0] === ranks[1] ? ranks[0] : ranks.join(" to ");
    return row;
  }

  function say(count) {
    const strata = given.strata[grouping()].length;
    const unlike = [...factors.values()].filter((value) => value !== 1).length;
    const without = rows.size - count;
    status.textContent = !count
      ? "This mix leaves no problem: raise a slider."
      : (unlike ? `Your mix, standardised over ${strata} strata.` : "The benchmark’s own mix.") +
        (without ? ` ${without} models have no problem in it and are left out.` : "");
  }

  // What a slider stands at: the factor, and the share of the mix that its problems get.
  function describe(slider) {
    const [kind, key] = slider.name.split(".");
    const place = given.names[kind].findIndex(([name]) => name === key);
    const strata = given.strata[given.strata.cell ? "cell" : kind === "d" ? "difficulty" : "category"];
    const mix = weights(strata);
    const all = mix.reduce((total, weight) => total + weight, 0);
    const own = mix.filter((_, h) => strata[h][kind === "c" ? 0 : 1] === place);
    const share = all ? own.reduce((total, weight) => total + weight, 0) / all : 0;
    const words = `${times(factor(slider.name))}, ${percent(share, 0)}`;
    slider.nextElementSibling.textContent = words;
    slider.setAttribute("aria-valuetext", `${words} of the mix`);
    slider.value = factor(slider.name);
  }

  // ---- Address, sliders and buttons --------------------------------------------------------------

  function set(chosen) {
    for (const { name, max } of sliders) {
      const value = Number(chosen[name] ?? 1);
      factors.set(name, Number.isFinite(value) ? Math.min(Math.max(value, 0), Number(max)) : 1);
    }
  }

  function keep() {
    const unlike = [...factors].filter(([, value]) => value !== 1);
    const state = new URLSearchParams(unlike.map(([name, value]) => [name, String(value)]));
    const address = new URL(location.href);
    address.hash = unlike.length ? String(state) : "";
    history.replaceState(history.state, "", address.href.replace(/#$/, ""));
  }

  function asked() {
    return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  }

  form.addEventListener("input", ({ target }) => {
    factors.set(target.name, Number(target.value));
    show();
  });
  form.addEventListener("change", keep);
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of form.querySelectorAll("[data-preset]")) {
    button.addEventListener("click", () => {
      set(JSON.parse(button.dataset.preset));
      keep();
      show();
    });
  }
  addEventListener("hashchange", () => {
    set(asked());
    show();
  });

  window.benchproof.mix = { results, set, show };
  form.hidden = false;
  set(asked());
  show();
})();
