from workspace import expect


def twice(w):
    "an envelope that comes twice is acknowledged twice, and nothing is left over"
    w.control("faults", socket={"deliver_twice": 2})
    asked = w.asks("hello")
    w.until("two answers", lambda: w.texts(asked) == ["Hello <@U0ANA>!"] * 2)
    w.settled()
    w.answer(w.asks("hello", "ben"), "Hello <@U0BEN>!")


def goodbye(reason):
    """The app is told to reconnect, and people go on talking."""

    def scenario(w):
        w.control("faults", socket={"disconnect": reason})
        asked = [w.asks("hello") for _ in range(5)]
        for one in asked:
            w.answer(one, "Hello <@U0ANA>!", seconds=20)
        w.settled()
        state = w.until("a new connection alone", lambda: one_connection(w), seconds=20)
        expect("open sockets", state["connections"], 1)

    scenario.__doc__ = f"after {reason} the SDK reconnects, and messages sent meanwhile arrive"
    return scenario


def one_connection(w):
    state = w.state()
    return state if state["connections"] == 1 else None


SCENARIOS = [twice, goodbye("warning"), goodbye("refresh_requested")]
