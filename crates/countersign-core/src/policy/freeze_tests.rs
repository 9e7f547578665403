use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn weekly(from: (Weekday, &str), until: (Weekday, &str), zone: &str) -> When {
    let zone = TimeZone::get(zone).unwrap();
    When::Weekly { from: (from.0, from.1.parse().unwrap()), until: (until.0, until.1.parse().unwrap()), zone }
}

#[test]
fn a_window_that_comes_once() {
    let once = When::Once { from: at("2026-12-20T00:00:00Z"), until: at("2027-01-02T00:00:00Z") };
    assert_eq!(once.end(at("2026-12-19T23:59:59Z")), None);
    assert_eq!(once.end(at("2026-12-20T00:00:00Z")), Some(at("2027-01-02T00:00:00Z")));
    assert_eq!(once.end(at("2027-01-02T00:00:00Z")), None);
}

#[test]
fn a_window_over_the_weekend_goes_by_the_clocks_of_its_zone() {
    let weekend = weekly((Weekday::Friday, "16:00"), (Weekday::Monday, "08:00"), "UTC");
    // 2026-11-20 is a Friday.
    assert_eq!(weekend.end(at("2026-11-20T15:59:59Z")), None);
    let end = Some(at("2026-11-23T08:00:00Z"));
    for inside in ["2026-11-20T16:00:00Z", "2026-11-22T12:00:00Z", "2026-11-23T07:59:59Z"] {
        assert_eq!(weekend.end(at(inside)), end, "{inside}");
    }
    assert_eq!(weekend.end(at("2026-11-23T08:00:00Z")), None);
}

#[test]
fn a_window_may_begin_and_end_on_one_day() {
    let noon = weekly((Weekday::Friday, "12:00"), (Weekday::Friday, "13:00"), "UTC");
    assert_eq!(noon.end(at("2026-11-20T12:30:00Z")), Some(at("2026-11-20T13:00:00Z")));
    assert_eq!(noon.end(at("2026-11-20T13:00:00Z")), None);
    assert_eq!(noon.end(at("2026-11-21T12:30:00Z")), None);
    let always = weekly((Weekday::Friday, "12:00"), (Weekday::Friday, "12:00"), "UTC");
    for inside in ["2026-11-20T11:59:59Z", "2026-11-20T12:00:00Z", "2026-11-24T00:00:00Z"] {
        assert!(always.end(at(inside)).is_some(), "{inside}");
    }
}

#[test]
fn a_freeze_meets_its_lock_and_everything_meets_all() {
    let freeze = |what| Freeze {
        what,
        until: at("2026-11-20T12:00:00Z"),
        reason: String::new(),
        by: None,
        others: None,
    };
    let now = at("2026-11-20T11:00:00Z");
    let dev = LockKey::new("env dev");
    let lock = freeze(Frozen::Lock(LockKey::new("ENV dev")));
    assert!(lock.holds(Some(&dev), now));
    assert!(!lock.holds(Some(&LockKey::new("env prod")), now));
    assert!(!lock.holds(None, now));
    assert!(!lock.holds(Some(&dev), at("2026-11-20T12:00:00Z")), "it ends");
    assert!(freeze(Frozen::Everything).holds(None, now));
}

#[test]
fn a_window_freezes_what_it_names_while_it_is_open() {
    let window = Window {
        what: vec![Frozen::Everything, Frozen::Lock(LockKey::new("env prod"))],
        when: When::Once { from: at("2026-12-20T00:00:00Z"), until: at("2027-01-02T00:00:00Z") },
        reason: "the year ends".to_owned(),
        others: Some(2),
    };
    assert_eq!(window.freezes(at("2026-12-19T00:00:00Z")).count(), 0);
    let freezes: Vec<Freeze> = window.freezes(at("2026-12-24T00:00:00Z")).collect();
    let names: Vec<String> = freezes.iter().map(|freeze| freeze.what.to_string()).collect();
    assert_eq!(names, ["everything", "env prod"]);
    for freeze in freezes {
        assert_eq!((freeze.until, freeze.others, freeze.by), (at("2027-01-02T00:00:00Z"), Some(2), None));
        assert_eq!(freeze.reason, "the year ends");
    }
}

#[test]
fn a_freeze_by_hand_lasts_thirty_days_at_most() {
    assert_eq!(LONGEST_FREEZE, SignedDuration::from_secs(30 * 24 * 60 * 60));
}
