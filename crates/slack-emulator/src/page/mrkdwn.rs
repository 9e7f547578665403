//! Slack's `mrkdwn` text → HTML.
//!
//! Grammar: ```` ```code``` ````, lines that start with `>` (a quote) or `>>>` (a quote to the end), and within a line
//! `` `code` ``, `*bold*`, `_italic_`, `~strike~`, `:emoji:` and the tokens `<@U…>`, `<#C…>`, `<!…>`, `<url|label>`.
//! `&amp;`, `&lt;` and `&gt;` are the only escapes; they are undone once, after the tokens are read, and the result
//! is escaped again on output.

mod inline;
mod token;

#[cfg(test)]
mod tests;

pub use token::{channel, date, link, mention, safe_url};

use super::emoji::{self, Piece};
use super::html::{Html, el};
use super::names::Names;

const FENCE: &str = "```";

/// Draws a `mrkdwn` text.
pub fn html(source: &str, names: &Names) -> Html {
    let mut out = Html::new();
    let mut rest = source;
    while let Some((before, code, after)) = fenced(rest) {
        out.push(lines(before.strip_suffix('\n').unwrap_or(before), names));
        out.push(el("pre").child(el("code").text(unescape(code.strip_prefix('\n').unwrap_or(code)))));
        rest = after.strip_prefix('\n').unwrap_or(after);
    }
    out.push(lines(rest, names));
    out
}

/// Draws a text of type `plain_text`: no markup but emoji, and those only where `emoji` is not switched off.
pub fn plain(source: &str) -> Html {
    emoji_text(&unescape(source))
}

/// Text as it is, with its `:emoji:` drawn.
pub fn emoji_text(text: &str) -> Html {
    emoji::split(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => Html::escaped(text),
            Piece::Emoji(name) => emoji::html(name),
        })
        .collect()
}

/// Undoes Slack's three escapes, once.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let (entity, character) = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>')]
            .into_iter()
            .find(|(entity, _)| rest.starts_with(entity))
            .unwrap_or(("&", '&'));
        out.push(character);
        rest = rest.get(entity.len()..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The text before the first fence, the code in it, and what comes after.
fn fenced(source: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = source.split_once(FENCE)?;
    let (code, after) = rest.split_once(FENCE)?;
    (!code.trim().is_empty()).then_some((before, code, after))
}

fn lines(source: &str, names: &Names) -> Html {
    let mut out = Html::new();
    let mut quote: Option<Html> = None;
    let mut quoted_to_the_end = false;
    let mut fresh = true;
    if source.is_empty() {
        return out;
    }
    for line in source.split('\n') {
        let quoted = if quoted_to_the_end { Some(line) } else { quoted_line(line, &mut quoted_to_the_end) };
        match (quoted, quote.as_mut()) {
            (Some(line), Some(open)) => {
                open.push(el("br"));
                open.push(inline::html(line, names));
            }
            (Some(line), None) => quote = Some(inline::html(line, names)),
            (None, _) => {
                if let Some(finished) = quote.take() {
                    out.push(el("blockquote").child(finished));
                    fresh = true;
                }
                if !fresh {
                    out.push(el("br"));
                }
                out.push(inline::html(line, names));
                fresh = false;
            }
        }
    }
    out.push(quote.map(|finished| el("blockquote").child(finished)));
    out
}

/// The content of a line that is a quote; notes when everything after it is one too.
fn quoted_line<'a>(line: &'a str, to_the_end: &mut bool) -> Option<&'a str> {
    let strip = |text: &'a str| text.strip_prefix("&gt;").or_else(|| text.strip_prefix('>'));
    let once = strip(line)?;
    let content = match strip(once).and_then(strip) {
        Some(thrice) => {
            *to_the_end = true;
            thrice
        }
        None => once,
    };
    Some(content.strip_prefix(' ').unwrap_or(content))
}
