// The side on a phone, unread marks, and where one was in a long channel.

import { actOrTell, memory, place } from "./server.js";

const app = document.getElementById("app");
const lists = [...document.querySelectorAll(".scroll")];
const keyOf = (list) => `scroll ${place.as} ${place.channel} ${list.dataset.scroll === "thread" ? place.thread : ""}`;

/** Restores what the window remembers and listens to the menu. */
export function startSide() {
  for (const list of lists) {
    const kept = memory.get(keyOf(list));
    list.scrollTop = kept === null ? list.scrollHeight : Number(kept);
  }
  addEventListener("pagehide", () => lists.forEach(remember));
  markUnread();
  document.getElementById("sidebar").addEventListener("submit", pressAside);

  const button = document.querySelector("[data-menu]");
  const toggle = (open) => {
    app.classList.toggle("menu-open", open);
    button.setAttribute("aria-expanded", open);
    if (open) document.querySelector(".person[aria-current]")?.focus();
    else button.focus();
  };
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    toggle(true);
  });
  app.addEventListener("click", (event) => {
    if (app.classList.contains("menu-open") && !event.target.closest(".side")) toggle(false);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && app.classList.contains("menu-open")) toggle(false);
  });
}

/** A button beside the workspace; what it led to arrives through the live updates. */
async function pressAside(event) {
  const form = event.target.closest(".aside-form");
  if (!form) return;
  event.preventDefault();
  await actOrTell("aside", { button: new FormData(form).get("button") });
}

/** Only a place in the middle is remembered: at the end one wants to stay at the end. */
function remember(list) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  memory.set(keyOf(list), atEnd ? "" : String(list.scrollTop));
}

/** Marks channels with something newer than what this reader has seen in this browser. */
export function markUnread() {
  for (const link of document.querySelectorAll(".channel-link[data-channel]")) {
    const key = `seen ${place.as} ${link.dataset.channel}`;
    const latest = link.dataset.latest ?? "";
    const seen = read(key);
    if (link.dataset.channel === place.channel || seen === null) write(key, latest || "0");
    const unread = seen !== null && link.dataset.channel !== place.channel && latest > seen;
    link.classList.toggle("is-unread", unread);
    link.querySelector(".unread").hidden = !unread;
  }
}

// Unlike drafts, what was seen is shared by all windows of this browser.
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage nothing is ever unread.
  }
}
