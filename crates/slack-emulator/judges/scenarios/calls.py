from workspace import BACKOFFICE, expect


def whoami(w):
    "auth.test, users.info and user groups"
    w.answer(w.asks("whoami"), "U0BOT T0DEMO, Ana Alves T0DEMO, U0ANA,U0BEN")


def reactions_twice(w):
    "already_reacted and no_reaction are the SDK's own errors"
    w.answer(w.asks("react"), "already_reacted, no_reaction")


def pages(w):
    "the SDK's iterators turn every page"
    people = len(w.call("ana", "users.list", limit=100)["members"])
    asked = w.asks("pages")
    messages = len(w.call("ana", "conversations.history", channel=BACKOFFICE, limit=100)["messages"])
    w.answer(asked, f"{people} people, {messages} messages")


def ratelimited(w):
    "the SDK waits as long as Retry-After says, and calls again"
    w.control("faults", api=[{"method": "users.info", "retry_after": 1, "times": 1}])
    w.answer(w.asks("ratelimited"), "U0ANA after a second")


def upload(w):
    "a file is uploaded in the thread"
    asked = w.asks("upload")
    w.answer(asked, "uploaded")
    [shared] = [message for message in w.thread(asked) if message.get("files")]
    [file] = shared["files"]
    content = "first line\nsecond line ✓\n"
    expect("the file", (file["name"], file["title"], file["size"]), ("report.txt", "The report", len(content.encode())))


def missing_scope(w):
    "missing_scope says what is needed and what there is"
    answer = w.answer(w.asks("scopes"), lambda text: text.startswith("missing_scope"))["text"]
    needed, _, provided = answer.partition(", has ")
    expect("what is needed", needed, "missing_scope: needs users:read.email")
    expect("a scope that there is", "chat:write" in provided.split(","), True)


SCENARIOS = [whoami, reactions_twice, pages, ratelimited, upload, missing_scope]
