use jiff::Timestamp;

use super::*;
use crate::operation::Phase;
use crate::reply::card::tests::operation;

struct Known;

impl Names for Known {
    fn person(&self, user: &UserId) -> Option<&str> {
        (user.as_str() == "ana").then_some("ana")
    }

    fn channel(&self, channel: &ChannelId) -> Option<&str> {
        (channel.as_str() == "C1").then_some("backoffice")
    }
}

fn text(spans: Vec<Span>) -> String {
    plain(&Reply { summary: String::new(), blocks: vec![Block::Text(spans)] }, &Known)
}

#[test]
fn a_card_at_a_terminal() {
    let operation = operation(Phase::Voting);
    let caller = &operation.request.caller;
    let tally = Tally::count(&operation.request.quorum, caller, &[], |_| Default::default());
    insta::assert_snapshot!(plain(&sheet(&operation, &tally), &Known), @"
    Waiting for signatures
    ✍️ `set acme trial remaining to 14 days` asked by ana
    Update 1 row of app
      • plan: `trial` → `enterprise`
      • trial_ends_at: `2026-11-22` → `2026-12-04`
    Risk:    high
    Signed:  nobody yet
    Missing: ana and one other person
    Until:   2026-11-20 13:00 UTC
    op_01HF7YAT000000000000000007 · plan 64879f7d
    ");
}

#[test]
fn a_root_says_who_ran_what_and_when() {
    insta::assert_snapshot!(terminal_root(&operation(Phase::Voting)), @"@ana ran `set acme trial remaining to 14 days` at a terminal, at 1970-01-01 00:00 UTC");
}

#[test]
fn names_times_and_channels() {
    let spans = vec![
        Span::Person(UserId::new("ana")),
        Span::text(" "),
        Span::Person(UserId::new("U2")),
        Span::text(" "),
        Span::Channel(ChannelId::new("C1")),
        Span::text(" "),
        Span::Time(Timestamp::UNIX_EPOCH),
    ];
    assert_eq!(text(spans), "ana U2 #backoffice 1970-01-01 00:00 UTC");
}

#[test]
fn a_table_stands_in_columns() {
    let rows = vec![vec!["acme".to_owned(), "7".to_owned()], vec!["a\nb".to_owned(), "–".to_owned()]];
    let table = Block::Table { columns: vec!["subdomain".to_owned(), "seats".to_owned()], rows };
    let reply = Reply { summary: String::new(), blocks: vec![table] };
    insta::assert_snapshot!(plain(&reply, &Known), @r"
    subdomain  seats
    acme       7
    a\nb       –
    ");
}

#[test]
fn nothing_commands_the_terminal_or_forges_a_line() {
    let evil = "\u{1b}[2J\u{1b}]0;x\u{7}ok\nSigned: ben\u{202e}";
    let code = text(vec![Span::code(evil)]);
    assert_eq!(code.lines().count(), 1);
    assert!(!code.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{code:?}");
    let prose = text(vec![Span::text(evil)]);
    assert!(!prose.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{prose:?}");
    assert!(prose.lines().skip(1).all(|line| line.starts_with("    ")), "{prose:?}");
}

#[test]
fn what_is_refused_at_a_terminal() {
    let refusals = [
        Refusal::NotHere,
        Refusal::Unknown { nearest: vec!["show account <subdomain>".to_owned()] },
        Refusal::OutdatedPlan,
        Refusal::TooEarly,
        Refusal::NotYours,
        Refusal::NotAtTerminal,
        Refusal::WhichChannel { channels: [ChannelId::new("C1"), ChannelId::new("C2")].into() },
        Refusal::NoBreakGlass,
        Refusal::NoReason,
    ];
    let texts: Vec<String> = refusals.iter().map(|one| plain(&refusal_at_terminal(one), &Known)).collect();
    insta::assert_snapshot!(texts.join("\n"), @"
    I know no such sentence that you may say at a terminal. Nothing was changed.
    I do not know that sentence here. Did you mean:
      • `show account <subdomain>`
    The plan has changed since you saw it. Look at it again with countersign show, then sign that one.
    The plan is not there yet. Look at it with countersign show in a moment.
    Only the person who asked for this can cancel it. To stop it, object with countersign deny.
    This cannot be done at a terminal, or not by you. Ask those who look after the bot to add the channel and you to [terminal].
    This command belongs to several channels. Say which with --channel: #backoffice, #C2
    Nothing says that this may be done with fewer signatures: [break_glass] does not name it.
    An emergency needs a reason that others understand: at least three words, at most 300 characters.
    ");
}
