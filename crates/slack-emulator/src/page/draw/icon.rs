//! Icons: drawn once per document, used by name.

use crate::page::html::{Element, Html, el};

/// An icon of the page.
#[derive(Clone, Copy, Debug)]
pub(super) enum Icon {
    Smile,
    Reply,
    Edit,
    Delete,
    Send,
    Lock,
    Theme,
    Menu,
    App,
}

/// Every icon with its outline in a square of 20.
const OUTLINES: [(Icon, &str); 9] = [
    (
        Icon::Smile,
        "M17 9.5A7 7 0 1 1 10.5 3M7.2 12.2c1.5 1.9 4.1 1.9 5.6 0M7.6 8v.6M12.4 8v.6M15.5 2v5M13 4.5h5",
    ),
    (Icon::Reply, "M3.5 5.5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9l-3.6 3v-3a2 2 0 0 1-1.9-2z"),
    (
        Icon::Edit,
        "M4 16l.8-3.6L13.2 4a1.6 1.6 0 0 1 2.3 0l.5.5a1.6 1.6 0 0 1 0 2.3L7.6 15.2zM11.8 5.4l2.8 2.8",
    ),
    (Icon::Delete, "M4 6h12M8 6V4.2h4V6M5.5 6l.7 10h7.6l.7-10M8.5 9v4.5M11.5 9v4.5"),
    (Icon::Send, "M10 16V4M5 9l5-5 5 5"),
    (
        Icon::Lock,
        "M5.5 9h9a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 4 15.500v-5A1.5 1.5 0 0 1 5.5 9zM6.5 9V6.500a3.5 3.5 0 0 1 7 0V9",
    ),
    (Icon::Theme, "M10 3.500a6.5 6.5 0 1 0 0 13zM10 3.500a6.5 6.5 0 0 1 0 13M13 6v8M11.5 4v12"),
    (Icon::Menu, "M3 5.5h14M3 10h14M3 14.5h14"),
    (Icon::App, "M3.5 10.500l4 4L16.5 5.500M3.5 17.500h13"),
];

/// Draws an icon; it says nothing that the words beside it do not.
pub(super) fn html(icon: Icon) -> Html {
    let reference = el("use").attr("href", format!("#{}", id(icon)));
    el("svg").class("icon").attr("aria-hidden", "true").child(reference).into()
}

/// The drawings themselves, once per document.
pub(super) fn sheet() -> Element {
    let symbols = OUTLINES.iter().map(|(icon, outline)| {
        el("symbol").attr("id", id(*icon)).attr("viewBox", "0 0 20 20").child(el("path").attr("d", outline))
    });
    el("svg").class("icon-sheet").flag("hidden").child(symbols.collect::<Html>())
}

fn id(icon: Icon) -> String {
    format!("icon-{icon:?}").to_lowercase()
}
