"""The blocks and views of the Python apps."""


def plain(text):
    return {"type": "plain_text", "text": text}


def card():
    """Buttons that answer through the response URL, and one that opens a modal."""
    buttons = [
        {"type": "button", "action_id": name, "text": plain(name)} for name in ("replace", "whisper", "remove", "ask")
    ]
    return [{"type": "actions", "block_id": "choices", "elements": buttons}]


def modal(metadata, title="Question"):
    """One input; `metadata` travels with it."""
    return {
        "type": "modal",
        "callback_id": "question",
        "private_metadata": metadata,
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": [
            {
                "type": "input",
                "block_id": "answer",
                "label": plain("Answer"),
                "element": {"type": "plain_text_input", "action_id": "text"},
            }
        ],
    }


def home(user):
    return {
        "type": "home",
        "blocks": [{"type": "section", "block_id": "greeting", "text": {"type": "mrkdwn", "text": f"Home of <@{user}>"}}],
    }


def entered(view):
    return view["state"]["values"]["answer"]["text"]["value"]


def answer_to(view):
    """What the app answers to a submission: errors, another form, or nothing, which closes the modal."""
    text = entered(view)
    if text == "bad":
        return {"response_action": "errors", "errors": {"answer": "Not this one."}}
    if text == "again":
        return {"response_action": "update", "view": modal(view["private_metadata"], "Once more")}
    return None
