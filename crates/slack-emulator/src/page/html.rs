//! The one place where text becomes HTML.
//!
//! Everything that the page shows goes through [`Html`] or [`Element`]. Names of tags and attributes, and markup
//! taken as it is, must be `&'static str`: they can only come from this crate's source, never from a message.
//! Everything else is escaped, both as text and as the value of an attribute.
//!
//! ```ignore
//! let link = el("a").attr("href", "/client").text("<b>");
//! assert_eq!(Html::from(link).as_str(), r#"<a href="/client">&lt;b&gt;</a>"#);
//! ```

use std::fmt::{self, Display, Write as _};

/// A piece of finished, safe HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Nothing at all.
    pub fn new() -> Html {
        Html::default()
    }

    /// `text`, escaped.
    pub fn escaped(text: &str) -> Html {
        let mut html = Html::new();
        html.text(text);
        html
    }

    /// Markup that stands in this program's source.
    pub fn literal(markup: &'static str) -> Html {
        Html(markup.to_owned())
    }

    /// Appends `text`, escaped.
    pub fn text(&mut self, text: &str) {
        escape_into(&mut self.0, text);
    }

    /// Appends a finished piece.
    pub fn push(&mut self, piece: impl Into<Html>) {
        self.0.push_str(&piece.into().0);
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The markup, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<T: Into<Html>> FromIterator<T> for Html {
    fn from_iter<I: IntoIterator<Item = T>>(pieces: I) -> Html {
        let mut html = Html::new();
        for piece in pieces {
            html.push(piece);
        }
        html
    }
}

impl<T: Into<Html>> From<Option<T>> for Html {
    fn from(piece: Option<T>) -> Html {
        piece.map(Into::into).unwrap_or_default()
    }
}

/// One element under construction.
#[derive(Clone, Debug)]
pub struct Element {
    name: &'static str,
    attributes: String,
    content: Html,
}

/// Starts the element `name`.
pub fn el(name: &'static str) -> Element {
    Element { name, attributes: String::new(), content: Html::new() }
}

impl Element {
    /// Sets an attribute; the value is escaped.
    pub fn attr(mut self, name: &'static str, value: impl Display) -> Element {
        self.attributes.push(' ');
        self.attributes.push_str(name);
        self.attributes.push_str("=\"");
        escape_into(&mut self.attributes, &value.to_string());
        self.attributes.push('"');
        self
    }

    /// Sets an attribute when there is a value for it.
    pub fn maybe(self, name: &'static str, value: Option<impl Display>) -> Element {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Sets an attribute without a value, such as `hidden`.
    pub fn flag(mut self, name: &'static str) -> Element {
        let _ = write!(self.attributes, " {name}");
        self
    }

    /// Sets an attribute without a value when `condition` holds.
    pub fn flag_if(self, condition: bool, name: &'static str) -> Element {
        if condition { self.flag(name) } else { self }
    }

    /// Sets the class; call it once.
    pub fn class(self, names: impl Display) -> Element {
        self.attr("class", names)
    }

    /// Appends text, escaped.
    pub fn text(mut self, text: impl AsRef<str>) -> Element {
        self.content.text(text.as_ref());
        self
    }

    /// Appends a finished piece.
    pub fn child(mut self, piece: impl Into<Html>) -> Element {
        self.content.push(piece);
        self
    }
}

impl From<Element> for Html {
    fn from(element: Element) -> Html {
        let Element { name, attributes, content } = element;
        if VOID.contains(&name) {
            return Html(format!("<{name}{attributes}>"));
        }
        Html(format!("<{name}{attributes}>{content}</{name}>"))
    }
}

/// Elements that have no content and no end tag.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];

fn escape_into(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // A parser replaces or drops these; a reader should see that something stood there.
            '\0' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attribute_values_cannot_leave_their_place() {
        let html: Html = el("p").attr("title", "\"><script>'").text("</p><script>&").into();
        assert_eq!(
            html.as_str(),
            "<p title=\"&quot;&gt;&lt;script&gt;&#39;\">&lt;/p&gt;&lt;script&gt;&amp;</p>"
        );
    }

    #[test]
    fn void_elements_have_no_end_tag() {
        let html: Html = el("input").attr("name", "a").flag("required").into();
        assert_eq!(html.as_str(), "<input name=\"a\" required>");
    }

    #[test]
    fn absent_pieces_leave_no_trace() {
        let html: Html =
            el("p").maybe("id", None::<&str>).child(None::<Html>).flag_if(false, "hidden").into();
        assert_eq!(html.as_str(), "<p></p>");
    }
}
