// What the JavaScript app does with the SDK's WebClient when somebody asks; each returns a sentence.

async function whoami(client, event) {
  const me = await client.auth.test();
  const { user } = await client.users.info({ user: event.user });
  const { usergroups } = await client.usergroups.list();
  const support = usergroups.find((group) => group.handle === "support");
  const { users } = await client.usergroups.users.list({ usergroup: support.id });
  return `${me.user_id} ${me.team_id}, ${user.real_name} ${user.team_id}, ${users.join(",")}`;
}

async function react(client, { channel, ts }) {
  const errors = [];
  for (const method of [client.reactions.add, client.reactions.remove]) {
    for (let time = 0; time < 2; time += 1) {
      try {
        await method({ channel, timestamp: ts, name: "hourglass" });
      } catch (error) {
        errors.push(error.code === "slack_webapi_platform_error" ? error.data.error : String(error));
      }
    }
  }
  return errors.join(", ");
}

async function pages(client, { channel }) {
  const people = [];
  let count = 0;
  for await (const page of client.paginate("users.list", { limit: 2 })) {
    people.push(...page.members);
    count += 1;
  }
  // One page is too many when the last is full; the iterator must end by the cursor.
  if (count !== Math.ceil(people.length / 2)) return `${count} pages`;
  const history = [];
  for await (const page of client.paginate("conversations.history", { channel, limit: 3 })) {
    history.push(...page.messages);
  }
  return `${people.length} people, ${history.length} messages`;
}

async function ratelimited(client, event) {
  const began = performance.now();
  const { user } = await client.users.info({ user: event.user });
  const waited = performance.now() - began;
  return waited >= 990 ? `${user.id} after a second` : `too early: ${waited}`;
}

async function upload(client, { channel, ts }) {
  await client.filesUploadV2({
    channel_id: channel,
    thread_ts: ts,
    filename: "report.txt",
    title: "The report",
    content: "first line\nsecond line ✓\n",
  });
  return "uploaded";
}

async function scopes(client) {
  try {
    await client.users.lookupByEmail({ email: "ben@acme.example" });
    return "nothing is missing";
  } catch (error) {
    const { error: code, needed, provided } = error.data;
    return `${code}: needs ${needed}, has ${provided}`;
  }
}

export const CALLS = {
  hello: async (_, event) => `Hello <@${event.user}>!`,
  whoami,
  react,
  pages,
  ratelimited,
  upload,
  scopes,
};
