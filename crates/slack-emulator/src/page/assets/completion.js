// Completion while typing: commands after `/` at the beginning, names after `@`.

const SHOWN = 8;

/**
 * Offers completions for `box` in `list`. `known` has `commands` and `people`: {insert, title, hint, about}.
 * Returns `takes(event)`, true when a key was meant for the list, and `close()`.
 */
export function complete(box, list, known) {
  let options = [];
  let active = 0;
  let from = 0;

  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.addEventListener("input", offer);
  box.addEventListener("click", offer);
  box.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); // The box keeps the focus.
    const option = event.target.closest(".option");
    if (option && options.length) choose(Number(option.dataset.index));
  });

  function offer() {
    const before = box.value.slice(0, box.selectionStart);
    const found = command(before, known) ?? name(before, known);
    options = found?.options.slice(0, SHOWN) ?? [];
    from = found?.from ?? 0;
    active = 0;
    if (options.length) draw(options);
    else usage(before);
  }

  /** A command that is complete shows how it goes on; Enter still sends. */
  function usage(before) {
    const one = known.commands?.find(({ insert }) => before.startsWith(`${insert} `));
    if (one && one.hint && before.trim() === one.insert) draw([one], "usage");
    else close();
  }

  function draw(shown, kind) {
    list.replaceChildren(...shown.map((option, index) => row(option, index, `${list.id}-${index}`)));
    list.hidden = false;
    if (!kind) mark();
  }

  function mark() {
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", index === active));
    list.children[active].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", list.children[active].id);
  }

  function choose(index) {
    const text = `${options[index].insert} `;
    box.setRangeText(text, from, box.selectionStart, "end");
    box.dispatchEvent(new Event("input"));
  }

  function close() {
    options = [];
    list.hidden = true;
    box.removeAttribute("aria-activedescendant");
  }

  function takes(event) {
    if (list.hidden) return false;
    if (event.key === "Escape") {
      close();
    } else if (!options.length) {
      return false;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      active = (active + step + options.length) % options.length;
      mark();
    } else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !event.isComposing)) {
      choose(active);
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return { takes, close };
}

function command(before, { commands = [] }) {
  if (!/^\/\S*$/.test(before)) return null;
  return { from: 0, options: commands.filter(({ insert }) => insert.startsWith(before.toLowerCase())) };
}

function name(before, { people }) {
  const at = /(?:^|\s)@([^@\n]{0,40})$/.exec(before);
  if (!at) return null;
  const typed = at[1].toLowerCase();
  const fits = ({ title, hint }) => [title, hint].some((text) => text.toLowerCase().startsWith(typed));
  return { from: before.length - at[1].length - 1, options: people.filter(fits) };
}

function row({ title, hint, about }, index, id) {
  const part = (className, text) => {
    const element = document.createElement("span");
    element.className = className;
    element.textContent = text;
    return element;
  };
  const element = document.createElement("div");
  element.className = "option";
  element.id = id;
  element.setAttribute("role", "option");
  element.dataset.index = index;
  element.append(part("option-title", title), part("option-hint", hint), part("option-about", about));
  return element;
}
