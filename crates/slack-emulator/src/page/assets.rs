//! The files that the page is made of: built into the program, so that it needs nothing beside it.

use axum::Json;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{emoji, nothing_here};

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// Name, type and content of each file.
#[rustfmt::skip]
const FILES: [(&str, &str, &str); 20] = [
    ("tokens.css", CSS, include_str!("assets/tokens.css")),
    ("layout.css", CSS, include_str!("assets/layout.css")),
    ("side.css", CSS, include_str!("assets/side.css")),
    ("messages.css", CSS, include_str!("assets/messages.css")),
    ("blocks.css", CSS, include_str!("assets/blocks.css")),
    ("controls.css", CSS, include_str!("assets/controls.css")),
    ("dialogs.css", CSS, include_str!("assets/dialogs.css")),
    ("theme.js", JS, include_str!("assets/theme.js")),
    ("main.js", JS, include_str!("assets/main.js")),
    ("live.js", JS, include_str!("assets/live.js")),
    ("morph.js", JS, include_str!("assets/morph.js")),
    ("server.js", JS, include_str!("assets/server.js")),
    ("composer.js", JS, include_str!("assets/composer.js")),
    ("completion.js", JS, include_str!("assets/completion.js")),
    ("messages.js", JS, include_str!("assets/messages.js")),
    ("picker.js", JS, include_str!("assets/picker.js")),
    ("modals.js", JS, include_str!("assets/modals.js")),
    ("side.js", JS, include_str!("assets/side.js")),
    ("times.js", JS, include_str!("assets/times.js")),
    ("favicon.svg", SVG, include_str!("assets/favicon.svg")),
];

/// Serves one file, or the list of emoji for the picker.
pub(super) async fn serve(Path(name): Path<String>) -> Response {
    if name == "emoji.json" {
        return Json(emoji_list()).into_response();
    }
    match FILES.iter().find(|(known, _, _)| *known == name) {
        Some((_, kind, content)) => {
            (StatusCode::OK, [(header::CONTENT_TYPE, *kind)], *content).into_response()
        }
        None => nothing_here(),
    }
}

/// `[["✅", "white_check_mark"], …]` in the order of the picker.
fn emoji_list() -> Value {
    emoji::all().map(|(names, symbol)| json!([symbol, names])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_reaches_out() {
        for (name, _, content) in FILES {
            let reaches = content.contains("https://")
                || content.replace("http://www.w3.org/2000/svg", "").contains("http://");
            assert!(!reaches, "{name} names an address");
        }
    }
}
