// Light or dark, as chosen on this browser before. A script of its own, so that it runs before
// anything is painted.

(() => {
  const root = document.documentElement;

  function show(theme) {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const choice of document.querySelectorAll("[data-theme-choice]")) {
      choice.ariaChecked = String(choice.dataset.themeChoice === theme);
    }
  }

  const chosen = () => localStorage.getItem("theme") ?? "system";

  show(chosen());
  document.addEventListener("DOMContentLoaded", () => show(chosen()));
  document.addEventListener("click", (event) => {
    const choice = event.target.closest?.("[data-theme-choice]");
    if (!choice) return;
    localStorage.setItem("theme", choice.dataset.themeChoice);
    show(chosen());
  });
})();
