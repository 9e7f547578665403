// Makes an element look like a new version of it, in place: what did not change is not touched, so that focus,
// selection, scroll positions and half-typed values stay.

/** Reads one element from the server's HTML. */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

const held = new WeakMap();

/** Shows a new version of an item of a region; while its reader edits it, the version waits for `release`. */
export function refresh(item, html) {
  if (item.hasAttribute("data-editing")) {
    held.set(item, html);
    return item;
  }
  return morph(item, parse(html));
}

/** Shows the version that came while an item was edited. */
export function release(item) {
  const html = held.get(item);
  held.delete(item);
  item.removeAttribute("data-editing");
  if (html) morph(item, parse(html));
}

/** Turns `old` into `fresh`; returns the element that now stands there. */
function morph(old, fresh) {
  if (old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
    return fresh;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return old;
  }
  if (old.nodeName === "TIME" && old.dateTime === fresh.dateTime) return old;
  attributes(old, fresh);
  if (old.nodeName === "TEMPLATE") old.innerHTML = fresh.innerHTML;
  else children(old, fresh);
  return old;
}

// What the reader or the browser has opened stays open.
const OURS = new Set(["open", "tabindex"]);

function attributes(old, fresh) {
  for (const { name, value } of fresh.attributes) {
    if (!OURS.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!OURS.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
}

const keyOf = (node) =>
  node.nodeType === Node.ELEMENT_NODE
    ? node.id || node.dataset.react || node.dataset.channel || `${node.dataset.block ?? ""} ${node.dataset.action ?? ""}`.trim()
    : "";

function children(old, fresh) {
  const keyed = new Map([...old.childNodes].filter(keyOf).map((node) => [keyOf(node), node]));
  let at = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const key = keyOf(wanted);
    const found = key ? keyed.get(key) : at && !keyOf(at) && at.nodeName === wanted.nodeName ? at : null;
    if (!found) {
      old.insertBefore(wanted, at);
      continue;
    }
    keyed.delete(key);
    if (found === at) at = at.nextSibling;
    else old.insertBefore(found, at);
    morph(found, wanted);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}
