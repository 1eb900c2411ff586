// What the theme leaves out for readers who use a keyboard or listen to the page.
(() => {
  "use strict";

  // The menu and the search are opened by labels of hidden boxes, which no key reaches: buttons
  // take their place. They keep `for`, which the theme's style sheet knows them by.
  function operable(label, name) {
    const box = document.getElementById(label.htmlFor);
    const button = document.createElement("button");
    button.type = "button";
    button.className = label.className;
    button.setAttribute("for", label.htmlFor);
    button.setAttribute("aria-label", name);
    button.append(...label.childNodes);
    button.addEventListener("click", () => {
      box.click();
      if (box.checked) setTimeout(() => inside(label.htmlFor)?.focus(), 300); // it slides in
    });
    const say = () => button.setAttribute("aria-expanded", String(box.checked));
    box.addEventListener("change", say);
    say();
    label.replaceWith(button);
  }

  function inside(id) {
    const opened = { __drawer: ".md-sidebar--primary a[href]", __search: ".md-search__input" };
    return document.querySelector(opened[id]);
  }

  function close(event) {
    const drawer = document.getElementById("__drawer");
    if (event.key !== "Escape" || !drawer?.checked) return;
    drawer.click();
    document.querySelector("header button[for=__drawer]")?.focus();
  }

  function names() {
    for (const dialog of document.querySelectorAll(".md-search")) {
      dialog.setAttribute("aria-label", "Search");
    }
    // The theme escapes the title in this label twice; a phone shows no title, so a label there is.
    for (const link of document.querySelectorAll(".md-footer__link[aria-label]")) {
      const parts = [".md-footer__direction", ".md-ellipsis"].map((part) => link.querySelector(part));
      if (parts.every(Boolean)) {
        link.setAttribute("aria-label", parts.map((part) => part.textContent.trim()).join(": "));
      }
    }
    // The theme wraps plain tables so that they scroll, but not for the arrow keys.
    const wraps = document.querySelectorAll(".md-typeset__scrollwrap");
    for (const [at, scroll] of wraps.entries()) {
      scroll.setAttribute("tabindex", "0");
      scroll.setAttribute("role", "region");
      scroll.setAttribute("aria-label", `Table ${at + 1}`);
    }
    // Who speaks to the computer says what the button shows, so its name has to hold that.
    for (const button of document.querySelectorAll(".md-version__current")) {
      if (button.dataset.named) continue;
      button.dataset.named = "yes";
      const gap = Object.assign(document.createElement("span"), { className: "bp-gap" });
      gap.textContent = " "; // heard, not seen: the alias stays where it is
      button.querySelector(".md-version__alias")?.before(gap);
      button.removeAttribute("aria-label");
      button.title = "Select version";
    }
  }

  function start() {
    const labels = { __drawer: "Menu", __search: "Search" };
    for (const [id, name] of Object.entries(labels)) {
      const label = document.querySelector(`header label.md-header__button[for=${id}]`);
      if (label) operable(label, name);
    }
    addEventListener("keydown", close);
    names();
    // Parts of the page that the theme adds once it has loaded something.
    const later = new MutationObserver(names);
    for (const part of document.querySelectorAll(".md-header__topic, .md-content__inner")) {
      later.observe(part, { childList: true });
    }
  }

  start();
})();
