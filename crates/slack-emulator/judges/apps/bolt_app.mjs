// The app that the judges drive, written with @slack/bolt. TRANSPORT says whether it uses Socket Mode or HTTP.
import { createRequire } from "node:module";
import { join } from "node:path";

import { CALLS } from "./calls.mjs";
import { answerTo, card, entered, home, modal } from "./surfaces.mjs";

const { NODE_MODULES, SLACK_API_URL, SLACK_APP_TOKEN, SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, TRANSPORT } = process.env;
const { App, HTTPReceiver, SocketModeReceiver } = createRequire(join(NODE_MODULES, "/"))("@slack/bolt");

const clientOptions = { slackApiUrl: SLACK_API_URL };
const receiver =
  TRANSPORT === "socket"
    ? new SocketModeReceiver({ appToken: SLACK_APP_TOKEN, installerOptions: { clientOptions } })
    : new HTTPReceiver({ signingSecret: SLACK_SIGNING_SECRET });
const app = new App({ token: SLACK_BOT_TOKEN, receiver, clientOptions });

/** The word after the mention. */
const word = (event) => event.text.trim().split(/\s+/).at(-1);

// Bolt acknowledges events by itself; this is an app that breaks down before that, the first time.
const processEvent = app.processEvent.bind(app);
app.processEvent = async (incoming) => {
  const event = incoming.body.event;
  if (event?.type === "app_mention" && word(event) === "attempt" && !incoming.retryNum) {
    throw new Error("this is the first attempt");
  }
  await processEvent(incoming);
};

app.event("app_mention", async ({ event, client, context, say }) => {
  const thread_ts = event.ts;
  if (word(event) === "card") {
    await say({ text: "A card", blocks: card(), thread_ts });
  } else if (word(event) === "attempt") {
    await say({ text: `attempt ${context.retryNum}: ${context.retryReason}`, thread_ts });
  } else {
    await say({ text: await CALLS[word(event)](client, event), thread_ts });
  }
});

async function reaction({ event, client }) {
  const text = `${event.type} ${event.reaction} by ${event.user}`;
  await client.chat.postMessage({ channel: event.item.channel, thread_ts: event.item.ts, text });
}
app.event("reaction_added", reaction);
app.event("reaction_removed", reaction);

app.event("app_home_opened", async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: home(event.user) });
});

app.command("/infra", async ({ ack, command, respond }) => {
  await ack(`You asked for ${command.text}`);
  await respond({ response_type: "in_channel", text: `${command.user_name} asked for ${command.text}` });
});

app.action("replace", async ({ ack, respond }) => {
  await ack();
  await respond({ replace_original: true, text: "Replaced" });
});

app.action("whisper", async ({ ack, respond }) => {
  await ack();
  await respond({ replace_original: false, response_type: "ephemeral", text: "Between us" });
});

app.action("remove", async ({ ack, respond }) => {
  await ack();
  await respond({ delete_original: true });
});

app.action("ask", async ({ ack, body, client }) => {
  await ack();
  const { channel_id, thread_ts } = body.container;
  await client.views.open({ trigger_id: body.trigger_id, view: modal(`${channel_id} ${thread_ts}`) });
});

app.view("question", async ({ ack, view, body, client }) => {
  const answer = answerTo(view);
  if (answer) {
    await ack(answer);
    return;
  }
  await ack();
  const [channel, thread_ts] = view.private_metadata.split(" ");
  await client.chat.postMessage({ channel, thread_ts, text: `${body.user.id} sent ${entered(view)}` });
});

app.error(async (error) => console.error(error));

if (TRANSPORT === "socket") {
  await app.start();
  console.log("ready");
} else {
  const server = await app.start({ host: "127.0.0.1", port: 0 });
  console.log(`ready http://127.0.0.1:${server.address().port}/slack/events`);
}
