use super::*;
use crate::approval::Quorum;
use crate::operation::{Report, Review};
use crate::reply::card;
use crate::reply::card::tests::{operation, person};

fn emergency(phase: Phase) -> (Operation, Tally) {
    let mut operation = operation(phase);
    operation.request.emergency = Some("the site is down and nobody answers".to_owned());
    operation.request.quorum = Quorum { caller: true, others: 0, ..Quorum::default() };
    let tally =
        Tally::count(&operation.request.quorum, &operation.request.caller, &[], |_| Default::default());
    (operation, tally)
}

fn done() -> Phase {
    Phase::Finished(Outcome::Succeeded(Report { summary: "Done.".to_owned(), table: None }))
}

#[test]
fn everybody_is_told_when_it_begins() {
    let (operation, tally) = emergency(Phase::Voting);
    let people = [UserId::new("U1"), UserId::new("U2")];
    insta::assert_snapshot!(alarm(Alarm::Begun, (&operation, &tally), &people), @"
    # Emergency: fewer signatures than usual
    :rotating_light: @ana asked for `set acme trial remaining to 14 days` at a terminal, and broke the glass.
    *Why: *The site is down and nobody answers.
    It still waits for @ana. A ❌ on its card stops it.
    To @U1, @U2
    (op_01HF7YAT000000000000000007)
    ");
}

#[test]
fn everybody_is_told_how_it_ended() {
    let (operation, tally) = emergency(done());
    insta::assert_snapshot!(alarm(Alarm::Ended, (&operation, &tally), &[]), @"
    # Emergency: it was done
    :rotating_light: @ana asked for `set acme trial remaining to 14 days` at a terminal, and broke the glass.
    *Why: *The site is down and nobody answers.
    Its review is open: somebody other than @ana, who could have signed it, looks at it and writes `reviewed: …` in its thread, to me.
    (op_01HF7YAT000000000000000007)
    ");
}

#[test]
fn the_card_asks_for_a_review_until_there_is_one() {
    let (mut operation, tally) = emergency(done());
    let drawn = card(&operation, &tally).to_string();
    insta::assert_snapshot!(drawn.lines().take(5).collect::<Vec<_>>().join("\n"), @"
    # Done
    :white_check_mark: `set acme trial remaining to 14 days` asked by @ana
    :rotating_light:* An emergency, with fewer signatures than usual: *The site is down and nobody answers.
    Its review is open: somebody other than @ana, who could have signed it, looks at it and writes `reviewed: …` in its thread, to me.
    Done.
    ");
    operation.review = Some(Review { by: person("ben"), note: "it was right".to_owned() });
    let drawn = card(&operation, &tally).to_string();
    insta::assert_snapshot!(drawn.lines().take(5).collect::<Vec<_>>().join("\n"), @"
    # Done
    :white_check_mark: `set acme trial remaining to 14 days` asked by @ana
    :rotating_light:* An emergency, with fewer signatures than usual: *The site is down and nobody answers.
    @ben has reviewed it. It was right.
    Done.
    ");
}
