//! Slack's text ↔ plain text.
//!
//! Slack escapes `&`, `<` and `>` alone, and puts people, channels and links
//! into tokens between angle brackets. [`plain`] parses the tokens first and
//! unescapes afterwards, exactly once, so that nobody can type a token.
//!
//! ```
//! use countersign_slack::text::plain;
//! assert_eq!(plain("stop <http://acme.example.com|acme.example.com> &amp; wait"), "stop acme.example.com & wait");
//! ```

mod address;
mod token;

#[cfg(test)]
mod tests;

pub use address::{Addressed, Mention, address};

/// Plain text out of Slack's: mentions as `<@U123>` and `<#C123>`, links as what the
/// person typed where Slack made the link, and as their target where a label could lie.
pub fn plain(slack: &str) -> String {
    let mut out = String::with_capacity(slack.len());
    let mut rest = slack;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(&unescape(before));
        match after.split_once('>') {
            Some((inside, tail)) if !inside.contains('<') => {
                out.push_str(&token::plain(inside));
                rest = tail;
            }
            _ => {
                out.push('<');
                rest = after;
            }
        }
    }
    out.push_str(&unescape(rest));
    out
}

/// The text with the three characters escaped that Slack asks for, so that none of it is a token.
pub fn escape(plain: &str) -> String {
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Undoes [`escape`], once: `&amp;lt;` becomes `&lt;`.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
