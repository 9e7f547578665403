// The app's modals, and questions that need a yes or a no.

import { chosen } from "./messages.js";
import { act, actOrTell } from "./server.js";

const stack = document.getElementById("modals");
let returnTo = null;

/** Listens to the modals, and opens the one that is there from the start. */
export function startModals() {
  stack.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(event.target.closest("dialog"));
  });
  stack.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-view]")) close(event.target.closest("dialog"));
  });
  // Escape: the workspace must know of it, so the dialog closes when the workspace says so.
  stack.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(event.target);
  }, true);
  openModals();
}

/** Shows the topmost modal; the browser keeps the focus inside it. */
export function openModals() {
  const dialogs = [...stack.querySelectorAll("dialog")];
  const top = dialogs.at(-1);
  for (const dialog of dialogs) if (dialog !== top && dialog.open) dialog.close();
  if (top && !top.open) {
    returnTo ??= document.activeElement;
    top.showModal();
    (top.querySelector("[autofocus]") ?? top.querySelector(".control, .choice input"))?.focus();
  }
  if (!top && returnTo) {
    returnTo.focus?.();
    returnTo = null;
  }
  stack.querySelector("[aria-invalid=true]")?.focus();
}

const close = (dialog) => actOrTell("close-view", { view: dialog.dataset.view });

async function submit(dialog) {
  dialog.querySelector(".form-problem")?.remove();
  const values = {};
  for (const element of dialog.querySelectorAll("[data-block][data-action][data-kind]")) {
    const value = chosen(element);
    // An empty text is an answer; a list from which nothing was chosen is none.
    if (value === "" && !element.dataset.kind.endsWith("_input")) continue;
    (values[element.dataset.block] ??= {})[element.dataset.action] = value;
  }
  const button = dialog.querySelector("button[type=submit]");
  button?.setAttribute("aria-busy", "true");
  const problem = await act("submit-view", { view: dialog.dataset.view, values: JSON.stringify(values) });
  button?.removeAttribute("aria-busy");
  if (problem) complain(dialog.querySelector(".dialog-body"), problem);
}

function complain(body, sentence) {
  const words = document.createElement("p");
  words.className = "error form-problem";
  words.setAttribute("role", "alert");
  words.textContent = sentence;
  body.prepend(words);
}

/** Asks a question with buttons whose values are `yes` and `no`; resolves to whether it was yes. */
export function ask(content) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  dialog.append(content);
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) dialog.close(button.value);
  });
  dialog.showModal();
  dialog.querySelector("button[value=yes]")?.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
