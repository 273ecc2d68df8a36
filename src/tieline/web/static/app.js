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
  const key = event.key.toLowerCase();
  if ((key === "j" || key === "k") && moveRow(key === "j" ? 1 : -1)) {
    event.preventDefault();
    return;
  }
  for (const target of pressable()) {
    if (target.dataset.key === key && !target.disabled) {
      event.preventDefault();
      target.click();
      if (target.matches("summary") && target.parentElement.open)
        target.parentElement.querySelector("select, input:not([type=hidden])")?.focus();
      return;
    }
  }
}

// Rows: one of those with data-row is current, and keys press what is in it.
function currentRow() {
  return document.querySelector("[data-row][aria-current]");
}

function pressable() {
  const row = currentRow();
  const others = [...document.querySelectorAll("[data-key]")].filter((one) => !one.closest("[data-row]"));
  return row ? [...row.querySelectorAll("[data-key]"), ...others] : others;
}

function markRow(row) {
  if (row === currentRow()) return;
  currentRow()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
}

function moveRow(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const now = rows.indexOf(currentRow());
  // The first key only shows where one is.
  const next = rows[rows.some((row) => row.contains(document.activeElement))
    ? Math.min(Math.max(now + step, 0), rows.length - 1) : Math.max(now, 0)];
  markRow(next);
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

// Escape leaves the form of a row.
function leave(event) {
  const open = event.key === "Escape" && event.target.closest("details.choose[open]");
  if (!open) return;
  open.open = false;
  (open.closest("[data-row]") || open.querySelector("summary")).focus();
}

// To a line of the text beside: what is wrong there.
function showLine(number) {
  const text = document.querySelector("textarea.editor");
  const lines = text.value.split("\n");
  const from = lines.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(from, from + lines[number - 1].length);
  text.scrollTop = (number - 4) * (text.scrollHeight / lines.length);
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

// A form whose answer is shown beside it while it is filled in; its button does the same.
function live(form) {
  const target = document.querySelector(form.dataset.live);
  let waiting = 0;
  let asked = null;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    target.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { "X-Part": "1" }, signal: asked.signal,
      });
      target.innerHTML = await answer.text();
      target.removeAttribute("aria-busy");
      target.closest("section").classList.add("pinned");
    } catch { /* a newer one was asked, or the server is away: the button still works */ }
  };
  form.addEventListener("change", () => { clearTimeout(waiting); waiting = setTimeout(ask, 200); });
}

// A part that is asked for when it is opened; until then, and without script, it holds a link.
async function fill(part) {
  if (!part.open || part.dataset.filled) return;
  part.dataset.filled = "1";
  try {
    const answer = await fetch(part.dataset.part, { headers: { "X-Part": "1" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const held = document.createElement("div");
    held.innerHTML = await answer.text();
    part.querySelector("summary").nextElementSibling.replaceWith(held);
  } catch { delete part.dataset.filled; }
}

document.addEventListener("DOMContentLoaded", () => {
  const menu = document.querySelector("details.menu");
  if (menu && matchMedia("(max-width: 860px)").matches) menu.open = false;
  document.querySelector("#theme")?.addEventListener("click", switchTheme);
  document.addEventListener("keydown", pressKey);
  document.addEventListener("keydown", leave);
  for (const part of document.querySelectorAll("details[data-part]"))
    part.addEventListener("toggle", () => fill(part));
  for (const row of document.querySelectorAll("[data-row]"))
    row.addEventListener("focusin", () => markRow(row));
  if (document.querySelector("[data-came-back]")) currentRow()?.focus();
  for (const button of document.querySelectorAll("[data-line]"))
    button.addEventListener("click", () => showLine(Number(button.dataset.line)));
  for (const part of document.querySelectorAll("[data-refresh]")) refresh(part);
  for (const field of document.querySelectorAll("[data-submits]"))
    field.addEventListener("change", () => field.form.requestSubmit());
  for (const form of document.querySelectorAll("form[data-live]")) live(form);
  for (const link of document.querySelectorAll("[data-prints]"))
    link.addEventListener("click", () => print());
});
