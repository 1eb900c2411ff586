// Two lists instead of links: any two releases, whichever is named first. Without it the links do.
(() => {
  "use strict";

  for (const form of document.querySelectorAll(".bp-compare")) {
    const pairs = JSON.parse(form.dataset.pairs);
    const go = form.querySelector(".bp-compare__go");
    const note = form.querySelector(".bp-compare__note");
    const [from, to] = [form.elements.before, form.elements.after];

    const update = () => {
      const [a, b] = [from.value, to.value];
      const found = pairs.find(([before, after]) => before === a && after === b);
      const turned = pairs.find(([before, after]) => before === b && after === a);
      const url = (found ?? turned)?.[2];
      if (url) go.setAttribute("href", url);
      else go.removeAttribute("href");
      go.setAttribute("aria-disabled", String(!url));
      note.textContent =
        a === b
          ? "Choose two different releases."
          : found
            ? ""
            : turned
              ? `${b} is the earlier one: the page reads from ${b} to ${a}.`
              : `There is no page for these two; run: python build.py compare ${a} ${b}`;
    };

    form.hidden = false;
    form.addEventListener("change", update);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (go.href) location.assign(go.href);
    });
    update();
  }
})();
