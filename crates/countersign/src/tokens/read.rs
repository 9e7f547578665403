//! Reads secrets from text and files, and checks that they are what they should be.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use countersign_slack::Secret;
use serde_json::Value;

use super::kind::{Kind, Looks};
use super::{TokenError, Tokens};

/// No file of secrets is larger.
const MOST_BYTES: u64 = 64 * 1024;
/// No secret is longer.
const LONGEST: usize = 1024;

/// The secret in `text`, which stands in `place`. White space around it goes, as copying leaves it.
pub(super) fn secret(kind: Kind, place: &str, text: &str) -> Result<Secret, TokenError> {
    let place = || place.to_owned();
    let text = text.trim();
    let looks = Looks::of(text);
    if text.is_empty() {
        return Err(TokenError::Empty { kind, place: place() });
    }
    // A signing secret that is not hexadecimal is an emulator's, or Slack's of another day.
    let is_hidden = matches!(looks, Looks::Unknown | Looks::Like(Kind::SigningSecret));
    let fits =
        looks == Looks::Like(kind) || (matches!(kind, Kind::SigningSecret | Kind::LedgerKey) && is_hidden);
    if !fits {
        return Err(TokenError::Swapped { kind, place: place(), looks });
    }
    if text.len() > LONGEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(TokenError::Characters { kind, place: place() });
    }
    Ok(Secret::new(text))
}

/// The one secret in the file that `variable` names.
pub(super) fn file(kind: Kind, variable: &str, path: &Path) -> Result<Secret, TokenError> {
    let text = text(path, Some(variable))?;
    secret(kind, &format!("{} (from {variable})", path.display()), &text)
}

/// All of Slack's secrets in a JSON file. Other keys are left alone: a store of secrets may keep more in it.
pub(super) fn json(path: &Path) -> Result<Tokens, TokenError> {
    let bot = json_secret(path, Kind::Bot)?.ok_or_else(|| TokenError::Json {
        path: path.to_owned(),
        what: format!("It holds no `{}`", Kind::Bot.key()),
    })?;
    let (app, signing_secret) = (json_secret(path, Kind::App)?, json_secret(path, Kind::SigningSecret)?);
    Ok(Tokens { bot, app, signing_secret })
}

/// One secret of a JSON file.
pub(super) fn json_secret(path: &Path, kind: Kind) -> Result<Option<Secret>, TokenError> {
    let wrong = |what: String| TokenError::Json { path: path.to_owned(), what };
    // The parser's own words may quote what stands in the file.
    let value: Value = serde_json::from_str(&text(path, None)?).map_err(|error| {
        wrong(format!("It is no JSON from line {}, column {} on", error.line(), error.column()))
    })?;
    if !value.is_object() {
        return Err(wrong("Its JSON is no object".to_owned()));
    }
    match value.get(kind.key()) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            secret(kind, &format!("`{}` in {}", kind.key(), path.display()), text).map(Some)
        }
        Some(_) => Err(wrong(format!("`{}` is no text", kind.key()))),
    }
}

fn text(path: &Path, variable: Option<&str>) -> Result<String, TokenError> {
    let unreadable = |reason: &str| TokenError::File {
        path: path.to_owned(),
        variable: variable.map(str::to_owned),
        reason: reason.to_owned(),
    };
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_string(&mut text));
    match read {
        Ok(_) if text.len() as u64 > MOST_BYTES => Err(unreadable("it is larger than any file of secrets")),
        Ok(_) => Ok(text),
        Err(error) => Err(unreadable(&match error.kind() {
            ErrorKind::NotFound => "there is no such file".to_owned(),
            ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
            ErrorKind::IsADirectory => "it is a folder".to_owned(),
            ErrorKind::InvalidData => "it is not text in UTF-8".to_owned(),
            _ => error.to_string(),
        })),
    }
}

/// May anybody on this machine read the file?
#[cfg(unix)]
pub(super) fn is_open_to_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o004 != 0)
}

/// May anybody on this machine read the file? This system's answer is not known.
#[cfg(not(unix))]
pub(super) fn is_open_to_all(_: &Path) -> bool {
    false
}
