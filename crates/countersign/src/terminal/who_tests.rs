use std::os::unix::fs::PermissionsExt as _;

use countersign_core::ids::UserId;
use jiff::SignedDuration;
use tempfile::TempDir;

use super::super::settings::Person;
use super::super::token::Claim;
use super::*;

const UID: u32 = 60_001;

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn person(name: &str, unix: Option<UnixUser>) -> Person {
    Person { name: name.to_owned(), slack: UserId::new(format!("U0{}", name.to_uppercase())), unix }
}

/// ana by her Unix user, ben by tokens alone.
fn settings(folder: &TempDir) -> Settings {
    let key_file = folder.path().join("key");
    std::fs::write(&key_file, [7; 32]).unwrap();
    std::fs::set_permissions(&key_file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let people = vec![person("ana", Some(UnixUser::Number(UID))), person("ben", None)];
    Settings { people, key_file: Some(key_file), revoked: ["gone".to_owned()].into(), ..Settings::default() }
}

fn token(settings: &Settings, user: &str, id: &str) -> String {
    let key = Key::read(settings.key_file.as_deref().unwrap()).unwrap();
    let until = now() + SignedDuration::from_hours(1);
    key.sign(&Claim { person: UserId::new(user), from: now(), until, id: id.to_owned() })
}

fn proof(uid: u32, token: Option<String>) -> Proof {
    Proof { uid, token }
}

#[test]
fn a_unix_user_or_a_token_says_who_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder);
    assert_eq!(settings.who(&proof(UID, None), now()).unwrap(), UserId::new("U0ANA"));
    let ben = token(&settings, "U0BEN", "1");
    assert_eq!(settings.who(&proof(1, Some(ben)), now()).unwrap(), UserId::new("U0BEN"));
    let both = token(&settings, "U0ANA", "1");
    assert_eq!(settings.who(&proof(UID, Some(both)), now()).unwrap(), UserId::new("U0ANA"));
}

#[test]
fn whoever_it_is_not_is_told_why() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder);
    let why = |uid, token| settings.who(&proof(uid, token), now()).unwrap_err().to_string();
    let told = [
        why(1, None),
        why(UID, Some(token(&settings, "U0BEN", "1"))),
        why(1, Some(token(&settings, "U0EVE", "1"))),
        why(1, Some(token(&settings, "U0BEN", "gone"))),
        why(1, Some("cst1.U0BEN.1.2.3.00".to_owned())),
        // A token that does not hold is not made up for by the Unix user.
        why(UID, Some("nonsense".to_owned())),
    ];
    insta::assert_snapshot!(told.join("\n"), @"
    nobody knows who you are here: your Unix user (1) stands for nobody in [terminal] people, and there is no token in COUNTERSIGN_TOKEN or --token-file
    your Unix user is one person, and the token is another's: be one of them
    this token is for somebody who is not in [terminal] people
    this token was revoked; ask for another one
    this token does not hold: it is damaged, or signed with another key
    this token does not hold: it is damaged, or signed with another key
    ");
}

#[test]
fn another_key_takes_all_tokens_away() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder);
    let ben = token(&settings, "U0BEN", "1");
    std::fs::write(settings.key_file.as_deref().unwrap(), [8; 32]).unwrap();
    assert!(matches!(
        settings.who(&proof(1, Some(ben.clone())), now()),
        Err(Stranger::Token(TokenError::Forged))
    ));
    let without = Settings { key_file: None, ..settings };
    assert!(matches!(without.who(&proof(1, Some(ben)), now()), Err(Stranger::NoTokens)));
}

#[test]
fn users_of_this_machine_are_known_by_name() {
    let known =
        users("root:x:0:0::/root:/bin/sh\nana:x:1001:1001:Ana,,,:/home/ana:/bin/sh\n:x:7:\nbroken\nx:y:z\n");
    assert_eq!(known, [("ana".to_owned(), 1001), ("root".to_owned(), 0)].into());
    assert_eq!(passwd().get("root"), Some(&0));
}
