// Moments in the reader's own time zone. The server writes them in UTC, so that a page without scripts says so.

const two = (number) => String(number).padStart(2, "0");
const day = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

/** Rewrites every moment below `root` that was not rewritten yet. */
export function localise(root) {
  for (const element of root.querySelectorAll("time[datetime]:not([data-local])")) {
    const moment = new Date(element.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    element.dataset.local = "";
    element.title = moment.toLocaleString([], { dateStyle: "full", timeStyle: "medium" });
    element.textContent = element.dataset.format ? formatted(element.dataset.format, moment) : short(moment);
  }
}

/** The time, with the day when it is not today. */
function short(moment) {
  const time = moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (day(moment) === day(new Date())) return time;
  return `${moment.toLocaleDateString([], { day: "numeric", month: "short" })}, ${time}`;
}

/** Slack's date tokens, such as `{date_short_pretty} at {time}`. */
function formatted(format, moment) {
  return format.replace(/\{(\w+)\}/g, (whole, token) => written(token, moment) ?? whole);
}

function written(token, moment) {
  const date = (options) => moment.toLocaleDateString([], options);
  if (token.endsWith("_pretty")) {
    return relativeDay(moment) ?? written(token.slice(0, -"_pretty".length), moment);
  }
  switch (token) {
    case "date_num": return day(moment);
    case "date_slash": return date({ year: "numeric", month: "2-digit", day: "2-digit" });
    case "date": return date({ year: "numeric", month: "long", day: "numeric" });
    case "date_short": return date({ year: "numeric", month: "short", day: "numeric" });
    case "date_long": return date({ weekday: "long", year: "numeric", month: "long", day: "numeric" });
    case "day_divider_pretty": return relativeDay(moment) ?? date({ weekday: "long", month: "long", day: "numeric" });
    case "time": return moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    case "time_secs": return moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    case "ago": return ago(moment);
    default: return null;
  }
}

function relativeDay(moment) {
  for (const [shift, word] of [[0, "today"], [-1, "yesterday"], [1, "tomorrow"]]) {
    const other = new Date();
    other.setDate(other.getDate() + shift);
    if (day(other) === day(moment)) return word;
  }
  return null;
}

function ago(moment) {
  const seconds = (moment - Date.now()) / 1000;
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}
