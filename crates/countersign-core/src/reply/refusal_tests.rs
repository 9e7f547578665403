use super::*;
use crate::ids::GroupName;
use crate::router::Problem;

fn say(value: &Refusal) -> String {
    refusal(value, "Backoffice Bot").to_string()
}

#[test]
fn an_unknown_sentence() {
    insta::assert_snapshot!(say(&Refusal::Unknown { nearest: vec![] }), @"I do not know that sentence here. Write `@Backoffice Bot help` to see what you can ask me for in this channel.");
    let near = Refusal::Unknown { nearest: vec!["show diagnostics for <subdomain>".to_owned()] };
    insta::assert_snapshot!(say(&near), @r"
    I do not know that sentence here. Did you mean:
    • `show diagnostics for <subdomain>`
    ");
}

#[test]
fn a_command_of_another_channel_sounds_like_an_unknown_sentence() {
    assert_eq!(say(&Refusal::NotHere), say(&Refusal::Unknown { nearest: vec![] }));
}

#[test]
fn a_malformed_sentence() {
    let malformed = Refusal::Malformed {
        usage: "set <subdomain> trial remaining to <days> days".to_owned(),
        example: Some("set acme trial remaining to 14 days".to_owned()),
        problems: vec![Problem {
            column: 29,
            argument: Some("days".to_owned()),
            found: "many".to_owned(),
            rule: "days must be a whole number from 1 to 90".to_owned(),
        }],
    };
    insta::assert_snapshot!(say(&malformed), @r"
    Nearly, but I cannot run that yet. Nothing was changed.
    • At column 29, `many`: days must be a whole number from 1 to 90
    Usage: `set <subdomain> trial remaining to <days> days`
    For example: `set acme trial remaining to 14 days`
    ");
}

#[test]
fn refusals_of_people() {
    let all = [
        Refusal::NotYou { standing: Standing::Guest },
        Refusal::NotYou { standing: Standing::Foreign },
        Refusal::NotYou { standing: Standing::Bot },
        Refusal::NotYou { standing: Standing::Deactivated },
        Refusal::NotYou { standing: Standing::Unknown },
        Refusal::NotListed,
        Refusal::NotInGroup { groups: [GroupName::new("sre"), GroupName::new("security")].into() },
        Refusal::TooLarge,
        Refusal::NotOpen,
        Refusal::OutdatedPlan,
        Refusal::TooEarly,
        Refusal::MustType,
        Refusal::WrongName { expected: "acme".to_owned() },
    ];
    let texts: Vec<String> = all.iter().map(say).collect();
    insta::assert_snapshot!(texts.join("\n"), @"
    Guests of this workspace cannot run or sign anything. Ask a full member.
    People of other workspaces cannot run or sign anything here. Ask a member of this one.
    Bots and workflows cannot run or sign anything.
    This account is switched off, so it cannot run or sign anything.
    I could not make sure who you are, so the answer is no. Please try again in a minute.
    You are not among the people who may use this bot. Ask those who look after it to add you.
    This is for members of security or sre, and you are not one of them.
    This is more than one message can show, and nobody signs what they cannot see. Ask for less at once.
    This does not wait for signatures any more.
    The plan has changed since. Look at the new one in the card. Then press its button, or take your reaction back and put it there again.
    The plan was not there yet. Look at it in the card. Then press its button, or take your reaction back and put it there again.
    What you asked for cannot be undone easily, so a reaction of yours is not enough. Press Sign this plan on the card, and type the target's name.
    To confirm, type exactly acme.
    ");
}

#[test]
fn a_failure_gives_a_reference_and_nothing_internal() {
    insta::assert_snapshot!(failure(&Reference::from_bits(0xbeef)), @"Something on our side did not work, and nothing was changed. Please try again in a minute; if it stays like this, give `ref-0000beef` to the people who look after the bot.");
}
