// Finding an emoji by name.

let picker;
let grid;
let search;
let caption;
let emoji = [];
let onPick = () => {};

/** Prepares the picker; its list is read when it is first opened. */
export function startPicker() {
  picker = document.createElement("div");
  picker.className = "picker";
  picker.popover = "auto";
  picker.setAttribute("role", "dialog");
  picker.setAttribute("aria-label", "Find an emoji");
  search = document.createElement("input");
  Object.assign(search, { type: "search", className: "control", placeholder: "Search by name", autocomplete: "off" });
  search.setAttribute("aria-label", "Search emoji by name");
  grid = document.createElement("div");
  grid.className = "picker-grid";
  caption = document.createElement("div");
  caption.className = "picker-name";
  picker.append(search, grid, caption);
  document.body.append(picker);

  search.addEventListener("input", draw);
  picker.addEventListener("keydown", onKey);
  grid.addEventListener("click", (event) => choose(event.target.closest("button")));
  for (const kind of ["mouseover", "focusin"]) {
    grid.addEventListener(kind, (event) => (caption.textContent = event.target.closest("button")?.title ?? ""));
  }
}

/** Opens the picker beside `button`; `picked` gets the name of the emoji. */
export async function pick(button, picked) {
  onPick = (name) => {
    picked(name);
    button.focus();
  };
  if (emoji.length === 0) emoji = await (await fetch("/page/assets/emoji.json")).json();
  search.value = "";
  draw();
  picker.showPopover();
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = picker;
  const below = at.bottom + 6 + height < innerHeight;
  picker.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
  picker.style.top = `${Math.max(8, below ? at.bottom + 6 : at.top - height - 6)}px`;
  search.focus();
}

function draw() {
  const typed = search.value.trim().toLowerCase().replace(/:/g, "").replace(/\s+/g, "_");
  const found = emoji.filter(([, names]) => names.includes(typed));
  grid.replaceChildren(...found.map(([symbol, names]) => cell(symbol, names.split(" ")[0], names)));
  // A workspace's own emoji have no symbol here, but the app may wait for one.
  if (found.length === 0 && typed) grid.replaceChildren(cell("＋", typed, typed));
  caption.textContent = found.length === 0 && typed ? `Press Enter to react with :${typed}:` : "";
}

function cell(symbol, name, names) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.name = name;
  button.textContent = symbol;
  button.title = names.split(" ").map((one) => `:${one}:`).join(" ");
  button.setAttribute("aria-label", name.replaceAll("_", " "));
  return button;
}

function choose(button) {
  if (!button) return;
  picker.hidePopover();
  onPick(button.dataset.name);
}

function onKey(event) {
  const cells = [...grid.children];
  const at = cells.indexOf(document.activeElement);
  if (event.key === "Enter" && document.activeElement === search) {
    event.preventDefault();
    choose(cells[0]);
    return;
  }
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[event.key];
  if (!step || (at < 0 && event.key !== "ArrowDown")) return;
  event.preventDefault();
  const next = at < 0 ? 0 : at + step;
  if (next < 0) search.focus();
  else cells[Math.min(next, cells.length - 1)]?.focus();
}
