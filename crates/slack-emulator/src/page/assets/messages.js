// What one does with messages: react, edit, delete, press buttons, choose; and moving among them by keyboard.

import { ask } from "./modals.js";
import { release } from "./morph.js";
import { pick } from "./picker.js";
import { actOrTell, place } from "./server.js";
import { localise } from "./times.js";

/** Listens for everything that happens on messages and in modals. */
export function startMessages() {
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  document.querySelectorAll(".list").forEach((list) => {
    list.addEventListener("keydown", onKey);
    reachable(list);
  });
  addEventListener("keydown", (event) => {
    const busy = document.querySelector("dialog[open], :popover-open, #app.menu-open, [data-editing]");
    if (event.key === "Escape" && !event.defaultPrevented && place.thread && !busy) location.assign(place.here);
  });
}

/** The last message of a list can be reached with Tab; arrows go on from there. */
export function reachable(list) {
  const messages = [...list.querySelectorAll(".message")];
  const current = messages.find((message) => message.contains(document.activeElement)) ?? messages.at(-1);
  for (const message of messages) message.tabIndex = message === current ? 0 : -1;
}

/** Starts editing the reader's newest message in a pane; false when there is none. */
export function editLast(pane) {
  const message = [...pane.querySelectorAll(".message[data-source]")].at(-1);
  if (message) edit(message);
  return Boolean(message);
}

async function onClick(event) {
  const target = event.target.closest("[data-react], [data-pick], [data-edit], [data-delete], [data-press]");
  if (!target) return;
  const message = target.closest(".message");
  const { ts } = message?.dataset ?? {};
  if ("react" in target.dataset) await actOrTell("react", { ts, name: target.dataset.react });
  else if ("pick" in target.dataset) pick(target, (name) => actOrTell("react", { ts, name }));
  else if ("edit" in target.dataset) edit(message);
  else if ("delete" in target.dataset) await remove(message);
  else if ("press" in target.dataset) await use(target, target.dataset.value ?? "");
}

async function onChange(event) {
  const target = event.target.closest("[data-choose]");
  if (target) await use(target, chosen(target));
}

/** What is chosen or typed in an element: a text, or a list of texts where several may be. */
export function chosen(element) {
  const several = "several" in element.dataset;
  if (element.classList.contains("choices")) {
    const ticked = [...element.querySelectorAll("input:checked")].map((input) => input.value);
    return several ? ticked : (ticked[0] ?? "");
  }
  if (several) return [...element.selectedOptions].map((option) => option.value);
  if (element.type === "datetime-local" && element.value) return Math.floor(new Date(element.value) / 1000);
  return element.value;
}

/** Tells the app that an element was used, after asking where the app wants that. */
async function use(element, value) {
  if ("confirm" in element.dataset) {
    const question = element.nextElementSibling;
    if (question?.matches("template.confirmation") && !(await ask(question.content.cloneNode(true)))) return;
  }
  if (element.getAttribute("aria-busy") === "true") return;
  element.setAttribute("aria-busy", "true");
  const { block, action } = element.dataset;
  const view = element.closest("dialog[data-view]")?.dataset.view;
  const ts = element.closest(".message")?.dataset.ts;
  const values = Array.isArray(value) ? JSON.stringify(value) : value;
  await actOrTell("press", { block, action, value: values, ...(view ? { view } : { ts }) });
  element.removeAttribute("aria-busy");
  element.closest("details")?.removeAttribute("open");
}

async function remove(message) {
  const words = document.createDocumentFragment();
  const title = document.createElement("h2");
  title.textContent = "Delete this message?";
  const buttons = document.createElement("div");
  buttons.className = "dialog-buttons";
  buttons.append(button("button", "Keep it", "no"), button("button button-danger", "Delete", "yes"));
  words.append(title, buttons);
  if (await ask(words)) await actOrTell("delete", { ts: message.dataset.ts });
}

function button(className, text, value) {
  const element = document.createElement("button");
  Object.assign(element, { type: "button", className, textContent: text, value });
  return element;
}

function edit(message) {
  if (message.hasAttribute("data-editing")) return;
  const body = message.querySelector(".message-body");
  const form = document.createElement("form");
  form.className = "editor";
  const box = document.createElement("textarea");
  box.setAttribute("aria-label", "Edit message");
  box.value = message.dataset.source;
  box.rows = Math.min(8, box.value.split("\n").length + 1);
  const save = button("button button-primary", "Save", "");
  save.type = "submit";
  const cancel = button("button", "Cancel", "");
  const buttons = document.createElement("div");
  buttons.className = "editor-buttons";
  buttons.append(save, cancel);
  form.append(box, buttons);

  // While this attribute stands, live updates wait.
  message.setAttribute("data-editing", "");
  const before = [...body.childNodes];
  body.replaceChildren(form);
  box.focus();
  const finish = () => {
    body.replaceChildren(...before);
    release(message);
    localise(message);
    message.focus();
  };
  cancel.addEventListener("click", finish);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") finish();
    else if (event.key === "Enter" && !event.shiftKey && event.target === box && !event.isComposing) form.requestSubmit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = box.value;
    if (await actOrTell("edit", { ts: message.dataset.ts, text })) finish();
  });
}

function onKey(event) {
  const message = event.target;
  if (!message.classList.contains("message") || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const all = [...event.currentTarget.querySelectorAll(".message")];
  const next = all[all.indexOf(message) + (event.key === "ArrowUp" ? -1 : 1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
  reachable(event.currentTarget);
}
