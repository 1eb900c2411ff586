// Runs before the theme. A page opened from disk may read no file, so the theme's version selector
// and its search cannot work: take both out, and let benchproof.js list the versions instead.
if (location.protocol === "file:") {
  const config = document.getElementById("__config");
  const { version, ...rest } = JSON.parse(config.textContent);
  config.textContent = JSON.stringify({ ...rest, version: null });
  for (const element of document.querySelectorAll(".md-search, label[for=__search]")) {
    element.remove();
  }
}
