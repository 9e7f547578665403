from workspace import BACKOFFICE, expect


def mention(w):
    "a mention is answered in its thread"
    asked = w.asks("hello")
    answer = w.answer(asked, "Hello <@U0ANA>!")
    expect("the answer's thread", answer["thread_ts"], asked)
    expect("the answer's author", answer["bot_id"], "B0BOT")


def reactions(w):
    "reactions arrive as events, added and removed"
    said = w.says("ana", "Looks good?")
    item = {"channel": BACKOFFICE, "timestamp": said, "name": "eyes"}
    w.call("ben", "reactions.add", **item)
    w.answer(said, "reaction_added eyes by U0BEN")
    w.call("ben", "reactions.remove", **item)
    w.answer(said, "reaction_removed eyes by U0BEN")


def home(w):
    "the home tab is published when somebody opens it"
    w.control("open_home", user="U0BEN")
    view = w.view("a home tab of ben", lambda view: view["kind"] == "home" and view["user"] == "U0BEN")
    expect("its text", view["body"]["blocks"][0]["text"]["text"], "Home of <@U0BEN>")


def again(w):
    "what the app does not acknowledge is delivered again, and says why"
    asked = w.asks("attempt")
    reason = "timeout" if w.transport == "socket" else "http_error"
    w.answer(asked, f"attempt 1: {reason}")
    w.settled()
    expect("the answers", len(w.thread(asked)), 1)


SCENARIOS = [mention, reactions, home, again]
