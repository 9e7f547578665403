//! The `markdown` block: the part of Markdown that Slack documents for it.
//!
//! Headings, lists, quotes, fenced code, and within a line `**bold**`, `*italic*`, `~~strike~~`, `` `code` `` and
//! `[text](address)`. HTML in it is text.

use crate::page::html::{Html, el};
use crate::page::mrkdwn::{emoji_text, link};

/// Draws Markdown.
pub(super) fn html(source: &str) -> Html {
    let mut out = Html::new();
    let mut lines = source.lines().peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") {
            let code: Vec<&str> =
                lines.by_ref().take_while(|line| !line.trim_start().starts_with("```")).collect();
            out.push(el("pre").child(el("code").text(code.join("\n"))));
        } else if let Some(item) = bullet(trimmed) {
            let mut items: Html = el("li").child(inline(item)).into();
            while let Some(item) = lines.next_if(|line| bullet(line.trim_start()).is_some()) {
                items.push(bullet(item.trim_start()).map(|item| el("li").child(inline(item))));
            }
            let numbered = trimmed.starts_with(|c: char| c.is_ascii_digit());
            out.push(el(if numbered { "ol" } else { "ul" }).child(items));
        } else if let Some(quoted) = trimmed.strip_prefix('>') {
            out.push(el("blockquote").child(inline(quoted.trim_start())));
        } else if let Some(title) = heading(trimmed) {
            out.push(el("h4").child(inline(title)));
        } else if trimmed.len() >= 3 && trimmed.chars().all(|c| c == '-') {
            out.push(el("hr"));
        } else if !trimmed.is_empty() {
            out.push(el("p").child(inline(trimmed)));
        }
    }
    el("div").class("block markdown").child(out).into()
}

fn heading(line: &str) -> Option<&str> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    (1..=6).contains(&level).then(|| title.strip_prefix(' ')).flatten()
}

fn bullet(line: &str) -> Option<&str> {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() < line.len() {
        return digits.strip_prefix(". ");
    }
    ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark))
}

const MARKS: [(&str, &str); 6] =
    [("`", "code"), ("**", "strong"), ("__", "strong"), ("~~", "s"), ("*", "em"), ("_", "em")];

fn inline(line: &str) -> Html {
    let mut out = Html::new();
    let mut plain = String::new();
    let mut rest = line;
    while let Some(next) = rest.chars().next() {
        let word_goes_on = plain.ends_with(char::is_alphanumeric) && next == '_';
        match special(rest).filter(|_| !word_goes_on) {
            Some((piece, tail)) => {
                out.push(emoji_text(&std::mem::take(&mut plain)));
                out.push(piece);
                rest = tail;
            }
            None => {
                plain.push(next);
                rest = rest.get(next.len_utf8()..).unwrap_or_default();
            }
        }
    }
    out.push(emoji_text(&plain));
    out
}

fn special(text: &str) -> Option<(Html, &str)> {
    if let Some(after) = text.strip_prefix('[') {
        let (label, tail) = after.split_once("](")?;
        let (target, tail) = tail.split_once(')')?;
        return Some((link(target, Html::escaped(label)), tail));
    }
    let (mark, tag) = MARKS.iter().find(|(mark, _)| text.starts_with(mark))?;
    let (inside, tail) = text.strip_prefix(mark)?.split_once(mark)?;
    if inside.is_empty() || inside.starts_with(' ') || inside.ends_with(' ') {
        return None;
    }
    Some((el(tag).text(inside).into(), tail))
}
