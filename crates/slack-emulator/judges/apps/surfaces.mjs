// The blocks and views of the JavaScript app.

const plain = (text) => ({ type: "plain_text", text });

/** Buttons that answer through the response URL, and one that opens a modal. */
export function card() {
  const names = ["replace", "whisper", "remove", "ask"];
  const elements = names.map((name) => ({ type: "button", action_id: name, text: plain(name) }));
  return [{ type: "actions", block_id: "choices", elements }];
}

/** One input; `metadata` travels with it. */
export function modal(metadata, title = "Question") {
  const element = { type: "plain_text_input", action_id: "text" };
  return {
    type: "modal",
    callback_id: "question",
    private_metadata: metadata,
    title: plain(title),
    submit: plain("Send"),
    blocks: [{ type: "input", block_id: "answer", label: plain("Answer"), element }],
  };
}

export function home(user) {
  const text = { type: "mrkdwn", text: `Home of <@${user}>` };
  return { type: "home", blocks: [{ type: "section", block_id: "greeting", text }] };
}

export const entered = (view) => view.state.values.answer.text.value;

/** What the app answers to a submission: errors, another form, or nothing, which closes the modal. */
export function answerTo(view) {
  if (entered(view) === "bad") return { response_action: "errors", errors: { answer: "Not this one." } };
  if (entered(view) === "again") {
    return { response_action: "update", view: modal(view.private_metadata, "Once more") };
  }
  return undefined;
}
