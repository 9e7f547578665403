// Talking to the server: where we are, doing something, and saying what went wrong.

const app = document.getElementById("app");

/** Who is acting, where, and in which thread; the address says the same. */
export const place = {
  as: app.dataset.as,
  me: app.dataset.me,
  channel: app.dataset.channel,
  thread: app.dataset.thread ?? "",
  here: app.dataset.here,
};

/**
 * Does something as the acting person. Resolves to an empty string, or to a sentence that says why not.
 * What it led to arrives through the live updates.
 */
export async function act(action, fields) {
  const body = new URLSearchParams({ as: place.as, channel: place.channel, ...fields });
  try {
    const response = await fetch(`/page/${action}`, { method: "POST", body, headers: { accept: "application/json" } });
    const answer = await response.json();
    return response.ok ? "" : answer.error;
  } catch {
    return "The workspace does not answer. Is it still running?";
  }
}

/** Like `act`, with the sentence shown in passing. */
export async function actOrTell(action, fields) {
  const problem = await act(action, fields);
  if (problem) tell(problem);
  return !problem;
}

/** Shows a sentence for a few seconds. */
export function tell(sentence) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = sentence;
  document.getElementById("toasts").append(toast);
  setTimeout(() => toast.remove(), 6000);
}

/** Remembers a small text for this window; storage may be forbidden, then nothing is remembered. */
export const memory = {
  get(key) {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      if (value) sessionStorage.setItem(key, value);
      else sessionStorage.removeItem(key);
    } catch {
      // Nothing to do without storage.
    }
  },
};
