// The boxes that one types into: sending, drafts, and growing with the text.

import { complete } from "./completion.js";
import { editLast } from "./messages.js";
import { act, memory, place } from "./server.js";

/** Brings every box to life, and puts the focus where one would type. */
export function startComposers() {
  const forms = [...document.querySelectorAll("form.composer")];
  forms.forEach(start);
  document.addEventListener("click", (event) => {
    const suggestion = event.target.closest("[data-insert]");
    if (suggestion) insert(document.querySelector("#message-box"), suggestion.dataset.insert);
  });
  const wide = matchMedia("(min-width: 721px)").matches;
  if (wide) forms.at(-1)?.querySelector("textarea").focus({ preventScroll: true });
}

function start(form) {
  const box = form.querySelector("textarea");
  const thread = form.elements.thread?.value ?? "";
  const draft = `draft ${place.as} ${place.channel} ${thread}`;
  box.value = memory.get(draft) ?? box.value;
  grow(box);

  const completion = complete(box, form.querySelector(".completion"), JSON.parse(form.dataset.known));
  box.addEventListener("input", () => {
    memory.set(draft, box.value);
    say(form, "");
    grow(box);
  });
  box.addEventListener("keydown", (event) => {
    if (completion.takes(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "ArrowUp" && box.value === "" && editLast(form.closest(".channel, .thread"))) {
      event.preventDefault();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    completion.close();
    send(form, box, thread, draft);
  });
}

async function send(form, box, thread, draft) {
  const text = box.value;
  if (text.trim() === "") return;
  // The box is free for the next sentence at once; a refused one comes back unless something else stands there.
  write(box, "");
  memory.set(draft, "");
  const problem = await act("send", thread ? { text, thread } : { text });
  say(form, problem);
  if (problem && box.value === "") {
    write(box, text);
    memory.set(draft, text);
  }
}

function say(form, sentence) {
  form.querySelector(".composer-error").textContent = sentence;
}

function insert(box, text) {
  box.value = text;
  box.dispatchEvent(new Event("input"));
  box.focus();
  box.setSelectionRange(text.length, text.length);
}

function write(box, text) {
  box.value = text;
  grow(box);
}

/** For browsers that do not size a box by its content. */
function grow(box) {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
}
