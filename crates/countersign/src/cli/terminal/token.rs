//! `countersign token`: says who somebody is, for a while.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use countersign_engine::ports::{Clock as _, Ids as _};
use countersign_engine::system::{OsIds, SystemClock};
use jiff::{SignedDuration, Timestamp};

use crate::cli::{Complaint, print, sentence};
use crate::config;
use crate::terminal::Settings;
use crate::terminal::token::{Claim, Key, LONGEST};

/// For whom, and for how long.
#[derive(Debug, Args)]
pub(in crate::cli) struct TokenArgs {
    /// The configuration.
    #[arg(long, value_name = "FILE", default_value = "countersign.toml")]
    config: PathBuf,
    /// The person's name in [terminal] people.
    #[arg(long, value_name = "NAME", required_unless_present = "make_key")]
    person: Option<String>,
    /// For how long: at most 24h.
    #[arg(long = "for", value_name = "DURATION", default_value = "12h", value_parser = duration)]
    length: SignedDuration,
    /// Make the key that tokens are signed with, where [terminal] token_key_file says.
    #[arg(long, conflicts_with = "person")]
    make_key: bool,
}

/// A duration that a token may hold.
fn duration(text: &str) -> Result<SignedDuration, String> {
    let length: SignedDuration = text.parse().map_err(|_| "write 30m, 2h or 12h".to_owned())?;
    match length > SignedDuration::ZERO && length <= LONGEST {
        true => Ok(length),
        false => Err("a token holds at most 24h".to_owned()),
    }
}

/// Prints a token; what is to be known about it stands on standard error, so that the token alone can be kept.
pub(in crate::cli) fn run(args: TokenArgs) -> Result<(), Complaint> {
    let config = config::read(&args.config)?;
    let settings = Settings::of(&config).ok_or_else(|| {
        Complaint::usage("The configuration has no [terminal], so nobody could use a token.")
    })?;
    let path = settings.key_file.as_deref().ok_or_else(|| {
        Complaint::usage("[terminal] names no token_key_file, so that tokens do not hold. Add one: token_key_file = \"terminal.key\"")
    })?;
    let Some(name) = args.person.filter(|_| !args.make_key) else { return make_key(path) };
    let person = settings.people.iter().find(|person| person.name == name).ok_or_else(|| {
        let names: Vec<&str> = settings.people.iter().map(|person| person.name.as_str()).collect();
        Complaint::usage(format!("There is no `{name}` in [terminal] people; it has {}.", names.join(", ")))
    })?;
    let key = Key::read(path).map_err(|error| Complaint::usage(sentence(&error)))?;
    let from = whole_second(SystemClock.now());
    let id = format!("{:016x}", OsIds.random() as u64);
    let claim = Claim { person: person.slack.clone(), from, until: from + args.length, id };
    eprintln!("{}", about(&name, &claim));
    print(&key.sign(&claim))
}

fn about(name: &str, claim: &Claim) -> String {
    let until = claim.until.strftime("%Y-%m-%d %H:%M UTC");
    format!(
        "Whoever has this token is {name} at a terminal until {until}. Hand it over in secret; {name} puts it into \
         COUNTERSIGN_TOKEN, or a file for --token-file.\nTo take it back: [terminal] revoked = [\"{}\"]",
        claim.id
    )
}

fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn make_key(path: &Path) -> Result<(), Complaint> {
    let key = format!("{:032x}{:032x}\n", OsIds.random(), OsIds.random());
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = made.and_then(|mut file| file.write_all(key.as_bytes()).and_then(|()| file.sync_all()));
    match written {
        Ok(()) => print(&format!(
            "A new key is in {}. Whoever reads it can be anybody at a terminal.",
            path.display()
        )),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(Complaint::usage(format!(
            "There is a key in {} already. Move it away first; all of its tokens end with it.",
            path.display()
        ))),
        Err(error) => Err(Complaint::failed(format!("{} cannot be written: {error}.", path.display()))),
    }
}

#[cfg(test)]
mod tests {
    use countersign_core::ids::UserId;

    use super::*;

    #[test]
    fn what_is_said_of_a_token_is_no_part_of_it() {
        let from: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
        let until = from + SignedDuration::from_hours(12);
        let claim = Claim { person: UserId::new("U0ANA"), from, until, id: "00000000000000a1".to_owned() };
        insta::assert_snapshot!(about("ana", &claim), @r#"
        Whoever has this token is ana at a terminal until 2026-11-20 21:00 UTC. Hand it over in secret; ana puts it into COUNTERSIGN_TOKEN, or a file for --token-file.
        To take it back: [terminal] revoked = ["00000000000000a1"]
        "#);
    }

    #[test]
    fn a_token_holds_a_day_at_most() {
        assert!(duration("24h").is_ok());
        for wrong in ["25h", "0s", "-1h", "long", ""] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
