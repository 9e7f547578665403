//! People who are not who they say, or not whom they would have to be.

use super::house::{House, NOWHERE, SET_TRIAL, Who};

#[tokio::test]
async fn tokens_that_do_not_hold() {
    let mut house = House::new().await;
    house.serves_once().await;
    house.api_url = NOWHERE.to_owned();
    let Who::With(token) = house.with_token("ben").await else { unreachable!() };
    let told = |token: String| {
        let house = &house;
        async move {
            let said = house.says(&Who::With(token), &["pending"]).await;
            assert_eq!((said.code, said.out.as_str()), (3, ""));
            said.err
        }
    };
    let forged = told(token.replace("U0BEN", "U0CHLOE")).await;
    insta::assert_snapshot!(forged, @"
    Slack does not answer, or there are no tokens for it: the channel is told later.
    This token does not hold: it is damaged, or signed with another key.
    ");
    assert_eq!(told("cst1.U0BEN.1.2.3.4".to_owned()).await, forged);
    let past = told(signed_by_hand(&house, "U0BEN", (-7_200, -3_600))).await;
    insta::assert_snapshot!(past, @"
    Slack does not answer, or there are no tokens for it: the channel is told later.
    This token's time is over; ask for another one.
    ");
    let long = told(signed_by_hand(&house, "U0BEN", (0, 90_000))).await;
    insta::assert_snapshot!(long, @"
    Slack does not answer, or there are no tokens for it: the channel is told later.
    This token is for another time; look at the clocks, or ask for another one.
    ");
    let eve = told(signed_by_hand(&house, "U0EVE", (0, 3_600))).await;
    insta::assert_snapshot!(eve, @"
    Slack does not answer, or there are no tokens for it: the channel is told later.
    This token is for somebody who is not in [terminal] people.
    ");
    let id = token.split('.').nth(4).unwrap();
    let config = house.folder().join("countersign.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("[terminal]", &format!("[terminal]\nrevoked = [\"{id}\"]")))
        .unwrap();
    insta::assert_snapshot!(told(token).await, @"
    Slack does not answer, or there are no tokens for it: the channel is told later.
    This token was revoked; ask for another one.
    ");
}

/// A token as whoever holds the key could make one, for a time around now (in seconds).
fn signed_by_hand(house: &House, user: &str, (from, until): (i64, i64)) -> String {
    use countersign::terminal::token::{Claim, Key};
    use countersign_engine::ports::Clock as _;
    let now = countersign_engine::system::SystemClock.now();
    let at = |seconds| jiff::Timestamp::from_second(now.as_second() + seconds).unwrap();
    let person = countersign_core::ids::UserId::new(user);
    let claim = Claim { person, from: at(from), until: at(until), id: "00000000000000a1".to_owned() };
    Key::read(&house.folder().join("terminal.key")).unwrap().sign(&claim)
}

#[tokio::test]
async fn nobody_counts_twice_and_nobody_is_two_people() {
    let mut house = House::with_unix_users().await;
    house.serves_once().await;
    house.api_url = NOWHERE.to_owned();
    let id = house.asks(&Who::Ana, SET_TRIAL).await;
    assert_eq!(house.signs(&Who::Ana, &id).await.code, 0);
    // The same person once more, by a token.
    let ana_again = house.with_token("ana").await;
    assert_eq!(house.signs(&ana_again, &id).await.code, 0);
    let view = house.shows(&Who::Ana, &id).await;
    assert_eq!(view["missing"], "one other person", "{view}");
    // And as ben, with a token of his that was left lying about.
    let ben = house.with_token("ben").await;
    let borrowed = house.says(&ben, &["approve", &id, "--plan", view["plan"].as_str().unwrap()]).await;
    assert_eq!(borrowed.code, 3);
    insta::assert_snapshot!(borrowed.err, @"
    Slack does not answer, or there are no tokens for it: the channel is told later.
    Your Unix user is one person, and the token is another's: be one of them.
    ");
    assert_eq!(house.plan_of_acme().await, "trial");
}

#[tokio::test]
async fn what_is_not_for_terminals_is_not_found_there() {
    let mut house = House::new().await;
    house.serves_once().await;
    house.api_url = NOWHERE.to_owned();
    let developers = house.says(&Who::Ana, &["run", "list workers of pool eu-west"]).await;
    assert_eq!(developers.code, 3);
    insta::assert_snapshot!(developers.err, @"
    Slack does not answer, or there are no tokens for it: the channel is told later.
    I know no such sentence that you may say at a terminal. Nothing was changed.
    ");
    let named = house
        .says(&Who::Ana, &["run", "list workers of pool eu-west", "--channel", "backoffice-developers"])
        .await;
    assert_eq!(named.code, 3);
    insta::assert_snapshot!(named.err, @"
    Slack does not answer, or there are no tokens for it: the channel is told later.
    This cannot be done at a terminal, or not by you. Ask those who look after the bot to add the channel and you to [terminal].
    ");
    // Without [terminal] there is nothing at all.
    house.configures("");
    let nothing = house.says(&Who::Ana, &["run", SET_TRIAL]).await;
    assert_eq!(nothing.code, 2);
    insta::assert_snapshot!(nothing.err, @"The configuration has no [terminal], so nothing can be done at one; docs/terminal.md shows how.");
}
