// The walk through the page, as a new user makes it, in headless Chromium.
//
// Environment: COUNTERSIGN (the program), CHROMIUM (the browser), NODE_MODULES
// (a folder with playwright-core). SCREENSHOTS names a folder to keep pictures in.
import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { start } from "./server.mjs";

const { COUNTERSIGN, CHROMIUM, NODE_MODULES, SCREENSHOTS } = process.env;
const { chromium } = createRequire(join(NODE_MODULES, "/"))("playwright-core");
const PATIENCE = 30_000;

const folder = mkdtempSync(join(tmpdir(), "countersign-walk-"));
let server = await start(COUNTERSIGN, folder, "--port", "0");
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});

let passed = 0;
let failed = 0;

/** One step of the walk: it passes, or says why not; the walk goes on. */
async function step(name, walk) {
  try {
    await walk();
    passed += 1;
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n      ${String(error.message).split("\n").slice(0, 6).join("\n      ")}`);
  }
}

/** A person with a window of their own. What the browser complains about fails the walk. */
async function person(name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, timezoneId: "UTC", ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (line) => {
    const lost = /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET/;
    if (line.type() === "error" && !lost.test(line.text())) complaints.push(line.text());
  });
  const goes = (channel, thread = "") =>
    page.goto(`${server.url}/client/${channel}${thread && "/" + thread}?as=${name}`);
  return { name, page, complaints, goes };
}

/** Types a sentence into the channel's composer and sends it; gives the new message. */
async function says(who, sentence) {
  const pane = who.page.locator("main.channel");
  const before = await pane.locator("article.message").count();
  await pane.getByRole("textbox").click();
  await who.page.keyboard.type(sentence);
  await who.page.keyboard.press("Escape");
  await who.page.keyboard.press("Enter");
  const message = pane.locator("article.message").nth(before);
  await message.waitFor();
  return { message, ts: await message.getAttribute("data-ts") };
}

/** The bot's answers in a thread. */
function answers(who) {
  return who.page.locator("aside article.message, [data-scroll=thread] article.message");
}

async function sees(who, words) {
  await who.page.getByText(words).first().waitFor();
}

/** Waits until no message says `words` any more. */
async function gone(who, words) {
  await who.page.locator("article.message", { hasText: words }).first().waitFor({ state: "detached" });
}

async function picture(who, name) {
  if (SCREENSHOTS) await who.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

const ana = await person("ana");
const ben = await person("ben");
const chloe = await person("chloe");
let request;

await step("the page opens on a channel and tells a newcomer what to type", async () => {
  await ana.page.goto(server.url);
  await ana.page.waitForURL(/\/client\/C0/);
  await ana.goes("C0BACKOFFICE");
  await sees(ana, "New here?");
  await picture(ana, "empty");
});

await step("help lists this channel's commands", async () => {
  const { ts } = await says(ana, "@Backoffice Bot help");
  await ana.goes("C0BACKOFFICE", ts);
  await sees(ana, "set <subdomain> trial remaining to <days> days");
  await sees(ana, "Who signs: you and one other person");
  await picture(ana, "help");
});

await step("a sentence becomes a card with what would change", async () => {
  await ana.goes("C0BACKOFFICE");
  const said = await says(ana, "@Backoffice Bot set acme trial remaining to 14 days");
  request = said.ts;
  await ana.goes("C0BACKOFFICE", request);
  await sees(ana, "Waiting for signatures");
  await sees(ana, "trial_ends_at");
  await picture(ana, "card");
});

await step("two people sign in two windows, and the card shows it without reloading", async () => {
  await ben.goes("C0BACKOFFICE", request);
  await sees(ben, "Waiting for signatures");
  await ana.page.locator(`main #m-${CSS_escape(request)}`).hover();
  await ana.page.locator(`main #m-${CSS_escape(request)} [data-react=white_check_mark]`).first().click();
  await gone(ben, "nobody yet");
  await ben.page.getByRole("button", { name: "Sign this plan" }).click();
  await sees(ana, "acme is on an Enterprise trial for 14 days from now.");
  await sees(ben, "Done");
  await picture(ana, "done");
});

await step("a wrong sentence is answered with its place and its rule", async () => {
  await ana.goes("C0BACKOFFICE");
  const { ts } = await says(ana, "@Backoffice Bot set acme trial remaining to many days");
  await ana.goes("C0BACKOFFICE", ts);
  await sees(ana, "days must be a whole number from 1 to 90");
});

await step("a slash command is completed by keyboard and answered", async () => {
  await ana.goes("C0BACKOFFICE");
  await ana.page.locator("main.channel").getByRole("textbox").click();
  await ana.page.keyboard.type("/sho");
  await ana.page.getByRole("option").first().waitFor();
  await ana.page.keyboard.press("Tab");
  await ana.page.keyboard.type("account acme");
  await ana.page.keyboard.press("Enter");
  await sees(ana, "/show account acme");
  await picture(ana, "slash");
});

await step("a private channel is not there for others", async () => {
  const curious = await person("ana");
  await curious.goes("C0DEVELOPERS");
  const text = await curious.page.locator("body").innerText();
  if (/backoffice-developers/.test(text)) throw new Error("the channel's name is shown");
});

await step("destructive work opens a dialog that wants the name", async () => {
  await chloe.goes("C0DEVELOPERS");
  const { ts } = await says(chloe, "@Backoffice Bot drop pool us-west");
  await chloe.goes("C0DEVELOPERS", ts);
  await chloe.page.getByRole("button", { name: "Sign this plan" }).click();
  const dialog = chloe.page.getByRole("dialog");
  await dialog.waitFor();
  await picture(chloe, "dialog");
  await dialog.getByRole("textbox").fill("us-west");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await dialog.waitFor({ state: "hidden" });
  await sees(chloe, "one other person");
});

await step("after kill -9 and a new start, everything is where it was, and nothing runs twice", async () => {
  await ana.goes("C0BACKOFFICE");
  const { ts } = await says(ana, "@Backoffice Bot set globex trial remaining to 7 days");
  await ana.goes("C0BACKOFFICE", ts);
  await sees(ana, "Waiting for signatures");
  await ana.page.getByRole("button", { name: "Sign this plan" }).click();
  await gone(ana, "nobody yet");
  const port = new URL(server.url).port;
  await server.kill();
  server = await start(COUNTERSIGN, folder, "--port", port);
  await ben.goes("C0BACKOFFICE", ts);
  await sees(ben, "Waiting for signatures");
  await ben.page.getByRole("button", { name: "Sign this plan" }).click();
  await sees(ben, "globex is on an Enterprise trial for 7 days from now.");
  await sees(ana, "globex is on an Enterprise trial for 7 days from now.");
  const cards = await answers(ana).filter({ hasText: "op_" }).count();
  if (cards > 1) throw new Error(`${cards} cards in one thread`);
});

await step("a phone's width needs no scrolling sideways", async () => {
  const phone = await person("ana", { viewport: { width: 360, height: 740 } });
  await phone.goes("C0BACKOFFICE", request);
  await sees(phone, "Done");
  const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  await picture(phone, "phone");
  if (wide) throw new Error("the page is wider than the screen");
});

await step("dark is dark", async () => {
  const night = await person("ana", { colorScheme: "dark" });
  await night.goes("C0BACKOFFICE", request);
  await sees(night, "Done");
  const background = await night.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await picture(night, "dark");
  const [red] = background.match(/\d+/g).map(Number);
  if (red > 90) throw new Error(`the background is ${background}`);
});

await step("the browser has nothing to complain about", async () => {
  const complaints = [ana, ben, chloe].flatMap((who) => who.complaints);
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
});

await browser.close();
await server.kill();
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 ? 0 : 1);

/** A `ts` holds a dot, which means something else in a selector. */
function CSS_escape(ts) {
  return ts.replace(".", "\\.");
}
