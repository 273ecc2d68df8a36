// What pages do beyond plain HTML; without it everything still works but slower by a click.
"use strict";

const root = document.documentElement;

function chosenTheme() {
  try { return localStorage.getItem("theme"); } catch { return null; }
}

function showTheme(theme) {
  if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
}

showTheme(chosenTheme());

function switchTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = root.dataset.theme || (dark ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  try { localStorage.setItem("theme", next); } catch { /* the choice lasts for this page */ }
  showTheme(next);
}

function typing(event) {
  return event.target.closest("input, select, textarea, [contenteditable]") !== null;
}

// Keys: an element with data-key is pressed by it, unless somebody is typing.
function pressKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
  if (event.key === "/") {
    const search = document.querySelector("#search");
    if (search) { event.preventDefault(); search.focus(); }
    return;
  }
  for (const target of document.querySelectorAll("[data-key]")) {
    if (target.dataset.key === event.key.toLowerCase() && !target.disabled) {
      event.preventDefault();
      target.click();
      return;
    }
  }
}

// A part of the page that is asked for again every so many milliseconds, until it says it is done.
function refresh(part) {
  const every = Number(part.dataset.every);
  setTimeout(async () => {
    try {
      const answer = await fetch(part.dataset.refresh, { headers: { "X-Part": "1" } });
      if (answer.ok) part.innerHTML = await answer.text();
      if (answer.headers.get("X-Done")) { location.reload(); return; }
    } catch { /* the server is away for a moment: asked again */ }
    refresh(part);
  }, every);
}

document.addEventListener("DOMContentLoaded", () => {
  const menu = document.querySelector("details.menu");
  if (menu && matchMedia("(max-width: 860px)").matches) menu.open = false;
  document.querySelector("#theme")?.addEventListener("click", switchTheme);
  document.addEventListener("keydown", pressKey);
  for (const part of document.querySelectorAll("[data-refresh]")) refresh(part);
  for (const field of document.querySelectorAll("[data-submits]"))
    field.addEventListener("change", () => field.form.requestSubmit());
  for (const link of document.querySelectorAll("[data-prints]"))
    link.addEventListener("click", () => print());
});
