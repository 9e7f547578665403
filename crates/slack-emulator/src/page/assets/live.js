// Live updates: the server sends the items of a region that look different, and the order of all of them.

import { openModals } from "./modals.js";
import { parse, refresh } from "./morph.js";
import { reachable } from "./messages.js";
import { place } from "./server.js";
import { markUnread } from "./side.js";
import { localise } from "./times.js";

const banner = document.getElementById("lost");
const said = document.getElementById("said");
let first = true;

/** Follows the place that the page shows. */
export function startLive() {
  const address = new URLSearchParams({ as: place.as, channel: place.channel });
  if (place.thread) address.set("thread", place.thread);
  connect(`/page/events?${address}`, 500);
  document.querySelectorAll(".scroll").forEach(follow);
  document.querySelectorAll("[data-to-end]").forEach((button) => {
    button.addEventListener("click", () => toEnd(button.parentElement.querySelector(".scroll")));
  });
}

/** A list that stands at its end stays there when the box below it grows. */
function follow(list) {
  let atEnd = isAtEnd(list);
  const look = () => {
    atEnd = isAtEnd(list);
    if (atEnd) noteNewer(list, false);
  };
  list.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(() => atEnd && toEnd(list)).observe(list);
}

function connect(address, wait) {
  const source = new EventSource(address);
  source.addEventListener("open", () => {
    banner.hidden = true;
    wait = 500;
  });
  source.addEventListener("update", (event) => update(JSON.parse(event.data)));
  source.addEventListener("gone", () => {
    source.close();
    location.reload();
  });
  source.addEventListener("error", () => {
    banner.hidden = false;
    // One attempt at a time, and at our own pace: the browser's own pauses differ and may never end.
    source.close();
    setTimeout(() => connect(address, Math.min(wait * 2, 5000)), wait);
  });
  addEventListener("pagehide", () => source.close(), { once: true });
}

function update(regions) {
  for (const { region, order, changed } of regions) {
    const container = document.getElementById(region);
    if (!container) continue;
    const list = container.closest(".scroll");
    const wasAtEnd = list && isAtEnd(list);
    const fresh = arrange(container, order, changed);
    localise(container);
    if (region === "modals") openModals();
    if (region === "side") markUnread();
    if (list) {
      reachable(container);
      settle(list, wasAtEnd, fresh);
    }
  }
  first = false;
}

/** Brings the children of a region into the server's order; returns those that were not there before. */
function arrange(container, order, changed) {
  const wanted = new Set(order);
  for (const child of [...container.children]) {
    if (!wanted.has(child.id)) child.remove();
  }
  const added = [];
  let at = container.firstElementChild;
  for (const id of order) {
    const html = changed[id];
    let item = document.getElementById(id);
    if (!item) {
      item = parse(html);
      added.push(item);
    } else if (html) {
      item = refresh(item, html);
    }
    if (item === at) at = at.nextElementSibling;
    else container.insertBefore(item, at);
  }
  return added;
}

const isAtEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 60;

const toEnd = (list) => list.scrollTo({ top: list.scrollHeight });

function settle(list, wasAtEnd, added) {
  const mine = added.some((item) => item.dataset.source !== undefined);
  if (wasAtEnd || mine) toEnd(list);
  else if (added.length > 0 && !first) noteNewer(list, true);
  if (first) return;
  for (const item of added) {
    item.classList.add("arrived");
    announce(item);
  }
}

function noteNewer(list, there) {
  const button = list.parentElement.querySelector("[data-to-end]");
  if (button) button.hidden = !there;
}

/** Says a new message to those who hear the page. */
function announce(item) {
  const author = item.querySelector(".author")?.textContent ?? "";
  const text = item.querySelector(".message-body")?.innerText ?? "";
  said.textContent = `${author}: ${text.slice(0, 300)}`;
}

