//! The canonical text of a JSON text, without making values of it: numbers stay as they are written.

use std::borrow::Cow;
use std::ops::Range;

/// How deep arrays and objects may stand in each other, as for serde_json.
const DEEPEST: usize = 128;

/// The text is no JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("at byte {0} it is no JSON")]
pub struct NotJson(pub usize);

/// The canonical text of `json`. Text that is canonical already comes back as it is.
///
/// A number must be one that serde_json reads, and is not changed, so that two ways to write one number are two
/// texts. An object in which a name stands twice keeps both.
///
/// # Errors
/// [`NotJson`], also when it is nested deeper than 128 times.
pub fn canonical_text(json: &str) -> Result<String, NotJson> {
    append_canonical(json, String::with_capacity(json.len()))
}

/// `out`, and behind it the canonical text of `json`.
pub(crate) fn append_canonical(json: &str, out: String) -> Result<String, NotJson> {
    let mut writer = Writer { json, at: 0, out, spare: String::new(), members: Vec::new() };
    writer.value(0)?;
    writer.skip_space();
    if writer.at == json.len() { Ok(writer.out) } else { Err(NotJson(writer.at)) }
}

/// Reads `json` from `at` on, and has written `out`.
struct Writer<'a> {
    json: &'a str,
    at: usize,
    out: String,
    /// Where members are put in order.
    spare: String,
    /// The members of the objects that are open: the name, and where all of it stands in `out`.
    members: Vec<(Name, Range<usize>)>,
}

/// A member's name.
struct Name {
    /// Where it stands in `out`, in its quotes.
    at: Range<usize>,
    /// Are characters in it written as escapes?
    has_escapes: bool,
}

impl Writer<'_> {
    fn value(&mut self, depth: usize) -> Result<(), NotJson> {
        if depth > DEEPEST {
            return Err(NotJson(self.at));
        }
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(drop),
            _ => self.scalar(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<(), NotJson> {
        self.take(b'{')?;
        self.out.push('{');
        let (body, first) = (self.out.len(), self.members.len());
        let mut sorted = true;
        self.skip_space();
        if self.peek() != Some(b'}') {
            loop {
                self.skip_space();
                let start = self.out.len();
                let has_escapes = self.string()?;
                let name = Name { at: start..self.out.len(), has_escapes };
                self.skip_space();
                self.take(b':')?;
                self.out.push(':');
                self.value(depth + 1)?;
                let before = self.members.get(first..).and_then(<[_]>::last);
                sorted &= before.is_none_or(|(before, _)| self.name(before) <= self.name(&name));
                self.members.push((name, start..self.out.len()));
                self.skip_space();
                if self.peek() != Some(b',') {
                    break;
                }
                self.take(b',')?;
                self.out.push(',');
            }
        }
        self.take(b'}')?;
        if !sorted {
            self.sort(body, first);
        }
        self.members.truncate(first);
        self.out.push('}');
        Ok(())
    }

    /// Puts the members from `first` on, which fill `out` from `body` on, in order.
    fn sort(&mut self, body: usize, first: usize) {
        let mut members = self.members.split_off(first);
        members.sort_by(|(a, _), (b, _)| self.name(a).cmp(&self.name(b)));
        let mut spare = std::mem::take(&mut self.spare);
        spare.clear();
        for (i, (_, whole)) in members.into_iter().enumerate() {
            if i > 0 {
                spare.push(',');
            }
            spare.push_str(self.out.get(whole).unwrap_or_default());
        }
        self.out.truncate(body);
        self.out.push_str(&spare);
        self.spare = spare;
    }

    /// A name as its bytes compare: without the quotes, and as the characters that its escapes stand for.
    fn name(&self, name: &Name) -> Cow<'_, str> {
        let quoted = self.out.get(name.at.clone()).unwrap_or_default();
        match name.has_escapes.then(|| serde_json::from_str(quoted)) {
            Some(Ok(plain)) => Cow::Owned(plain),
            _ => Cow::Borrowed(quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default()),
        }
    }

    fn array(&mut self, depth: usize) -> Result<(), NotJson> {
        self.take(b'[')?;
        self.out.push('[');
        self.skip_space();
        if self.peek() != Some(b']') {
            loop {
                self.value(depth + 1)?;
                self.skip_space();
                if self.peek() != Some(b',') {
                    break;
                }
                self.take(b',')?;
                self.out.push(',');
            }
        }
        self.take(b']')?;
        self.out.push(']');
        Ok(())
    }

    /// A string; `true` if it has escapes. Only then it has to be written anew.
    fn string(&mut self) -> Result<bool, NotJson> {
        let start = self.at;
        self.take(b'"')?;
        let mut has_escapes = false;
        loop {
            let rest = self.json.as_bytes().get(self.at..).unwrap_or_default();
            let plain = rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count();
            self.at += plain;
            match rest.get(plain) {
                Some(b'"') => break,
                // Whatever is escaped, its first byte ends nothing.
                Some(b'\\') => {
                    has_escapes = true;
                    self.at += 2;
                }
                _ => return Err(NotJson(self.at)),
            }
        }
        self.at += 1;
        let quoted = self.json.get(start..self.at).ok_or(NotJson(start))?;
        if has_escapes {
            let plain: String = serde_json::from_str(quoted).map_err(|_| NotJson(start))?;
            let written = serde_json::to_string(&plain).map_err(|_| NotJson(start))?;
            self.out.push_str(&written);
        } else {
            self.out.push_str(quoted);
        }
        Ok(has_escapes)
    }

    /// `true`, `false`, `null` or a number, as it stands.
    fn scalar(&mut self) -> Result<(), NotJson> {
        let rest = self.json.get(self.at..).ok_or(NotJson(self.at))?;
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let scalar = rest.get(..rest.bytes().take_while(is_part).count()).unwrap_or_default();
        let is_known = matches!(scalar, "true" | "false" | "null");
        if !is_known && serde_json::from_str::<serde_json::Number>(scalar).is_err() {
            return Err(NotJson(self.at));
        }
        self.out.push_str(scalar);
        self.at += scalar.len();
        Ok(())
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Result<(), NotJson> {
        if self.peek() != Some(byte) {
            return Err(NotJson(self.at));
        }
        self.at += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
