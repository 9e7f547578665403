use proptest::prelude::*;

use super::*;

const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

fn key() -> Key {
    Key::new(KEY).unwrap()
}

fn now() -> Timestamp {
    "2026-11-20T09:00:00Z".parse().unwrap()
}

fn claim(hours: i64) -> Claim {
    let until = now() + SignedDuration::from_hours(hours);
    Claim { person: UserId::new("U0ANA"), from: now(), until, id: "00000000000000a1".to_owned() }
}

#[test]
fn a_token_says_who_and_for_how_long() {
    let token = key().sign(&claim(12));
    insta::assert_snapshot!(token, @"cst1.U0ANA.1795165200.1795208400.00000000000000a1.e7b8c9d8dd49dddb859a6b76b9a5f1f3a4bc2dd736993e98eae14d817d7a5b61");
    assert_eq!(key().verify(&token, now()), Ok(claim(12)));
    assert_eq!(key().verify(&format!(" {token}\n"), now()), Ok(claim(12)), "as copying leaves it");
}

#[test]
fn its_time_is_kept() {
    let token = key().sign(&claim(12));
    let at = |minutes: i64| key().verify(&token, now() + SignedDuration::from_mins(minutes)).map(|_| ());
    assert_eq!(at(12 * 60 - 1), Ok(()));
    assert_eq!(at(12 * 60), Err(TokenError::Expired));
    assert_eq!(at(-1), Ok(()));
    assert_eq!(at(-2), Err(TokenError::OtherTime));
    assert_eq!(key().verify(&key().sign(&claim(25)), now()), Err(TokenError::OtherTime));
    let backwards = Claim { from: claim(12).until, until: now() + SignedDuration::from_secs(1), ..claim(1) };
    assert!(key().verify(&key().sign(&backwards), now()).is_err());
}

#[test]
fn another_key_signs_nothing() {
    let other = Key::new(b"another key of thirty-two bytes!").unwrap();
    assert_eq!(key().verify(&other.sign(&claim(12)), now()), Err(TokenError::Forged));
    assert!(Key::new(b"short").is_none());
    assert_eq!(format!("{:?}", key()), "Key(…)");
}

#[test]
fn a_token_whose_parts_were_moved_is_another() {
    let token = key().sign(&claim(12));
    for (old, new) in [("U0ANA", "U0BEN"), ("cst1", "cst2"), (".00000000000000a1", "."), ("17", "18")] {
        assert_eq!(key().verify(&token.replacen(old, new, 1), now()), Err(TokenError::Forged), "{old}");
    }
    for rubbish in ["", ".", "cst1", "cst1.U0ANA.1.2.3", &"x".repeat(10_000)] {
        assert_eq!(key().verify(rubbish, now()), Err(TokenError::Forged));
    }
}

#[test]
fn a_key_file_is_a_secret() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let open = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    assert!(matches!(Key::read(&path), Err(KeyError::File { .. })));
    std::fs::write(&path, KEY).unwrap();
    open(0o640);
    assert_eq!(Key::read(&path).unwrap_err(), KeyError::Exposed(path.clone()));
    open(0o600);
    assert!(Key::read(&path).is_ok());
    std::fs::write(&path, "short").unwrap();
    assert_eq!(Key::read(&path).unwrap_err(), KeyError::NoKey(path.clone()));
}

proptest! {
    #[test]
    fn whatever_is_changed_is_noticed(at in 0_usize..120, to in any::<u8>()) {
        let token = key().sign(&claim(12));
        let mut bytes = token.clone().into_bytes();
        let at = at % bytes.len();
        bytes[at] = to;
        if let Ok(changed) = String::from_utf8(bytes) {
            // The MAC may be written with capitals: it is the same one.
            prop_assume!(!changed.trim().eq_ignore_ascii_case(&token));
            prop_assert!(key().verify(&changed, now()).is_err());
        }
    }
}
