from workspace import BACKOFFICE, expect


def slash_command(w):
    "a slash command is acknowledged with a text for the caller alone, and answered in the channel"
    w.control("slash_command", user="U0ANA", channel=BACKOFFICE, command="/infra", text="status <dev> & more")
    w.whispers("ana", "You asked for status <dev> & more")
    w.until("the answer in the channel", lambda: "ana asked for status <dev> & more" in history(w))


def history(w):
    messages = w.call("ben", "conversations.history", channel=BACKOFFICE, limit=100)["messages"]
    return [message["text"] for message in messages]


def press(w, name, button):
    """A person asks for a card of their own and presses a button of it; the thread and the card."""
    asked = w.asks("card", name)
    card = w.answer(asked, "A card")["ts"]
    w.control("press_button", user=f"U0{name.upper()}", channel=BACKOFFICE, ts=card, action_id=button)
    return asked, card


def replace(w):
    "a button's response_url replaces the message"
    asked, card = press(w, "ana", "replace")
    changed = w.answer(asked, "Replaced")
    expect("the changed message", changed["ts"], card)
    expect("its buttons", changed.get("blocks", []), [])


def whisper(w):
    "a button's response_url answers whoever pressed it alone"
    asked, card = press(w, "ben", "whisper")
    w.whispers("ben", "Between us")
    expect("the thread", w.texts(asked), ["A card"])


def remove(w):
    "a button's response_url deletes the message"
    asked, card = press(w, "ana", "remove")
    w.until("the end of the card", lambda: w.texts(asked) == [])


def modal(w):
    "a modal comes back with errors, is updated, and is sent"
    asked, card = press(w, "ben", "ask")
    opened = w.view("a modal of ben", lambda view: view["kind"] == "modal" and view["user"] == "U0BEN")

    def submit(text):
        return w.try_control("submit_view", user="U0BEN", view_id=opened["id"], values={"answer": {"text": text}})

    expect("the errors", submit("bad").get("errors"), {"answer": "Not this one."})
    expect("the update", submit("again"), {"ok": True})
    titled = w.view("the updated modal", lambda view: view["body"].get("title", {}).get("text") == "Once more")
    expect("the updated modal", titled["id"], opened["id"])
    expect("the submission", submit("fine"), {"ok": True})
    w.answer(asked, "U0BEN sent fine")
    expect("open modals", [view for view in w.state()["views"] if view["kind"] == "modal"], [])


SCENARIOS = [slash_command, replace, whisper, remove, modal]
