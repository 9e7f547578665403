//! Pages for when there is nothing to show.

use super::shell::{Script, document};
use crate::page::html::{Html, el};
use crate::page::place::Lost;

/// Says why there is nothing at an address, and where there is something.
pub fn lost(why: Lost) -> Html {
    match why {
        Lost::Nobody => page("Nobody of that name", "There is no such person in this workspace."),
        Lost::NotHere => page(
            "Not here",
            "There is no such channel, or this person is not a member of it. Private channels are seen by their members alone.",
        ),
        Lost::NoThread => page("No such thread", "The message may have been deleted."),
    }
}

/// Says that there is no page at all.
pub fn unknown() -> Html {
    page("Nothing here", "There is no page at this address.")
}

/// A page of one sentence.
pub fn page(title: &str, sentence: &str) -> Html {
    let body = el("main")
        .class("problem")
        .child(el("div").class("problem-sign").attr("aria-hidden", "true").text("∅"))
        .child(el("h1").text(title))
        .child(el("p").text(sentence))
        .child(
            el("p")
                .child(el("a").class("button button-primary").attr("href", "/").text("Go to the workspace")),
        );
    document(title, (body.into(), Script::Still))
}
