//! Doing it: people look at the chat, and act on what they see.

use countersign_core::envelope::{Act as Said, Address, Change, Envelope, Utterance};
use countersign_core::ids::MessageId;
use countersign_core::plan::Fingerprint;
use countersign_core::reply::actions;

use super::{Intent, Wish};
use crate::history::{Act, Did};
use crate::office::ACCOUNTS;
use crate::slack::Reaction;
use crate::world::{Happening, World};

/// People who wait for something look again so often.
const PATIENCE: u32 = 8;
/// The emojis that say yes.
const YES: [&str; 2] = ["white_check_mark", "+1"];
/// The emojis that say no.
const NO: [&str; 2] = ["x", "-1"];

/// Somebody does what they have in mind, or tries again later, or lets it be.
pub fn act(world: &mut World, intent: Intent) {
    let done = match &intent.wish {
        Wish::Say => say(world, &intent),
        Wish::Sign => sign(world, &intent),
        Wish::Object => object(world, &intent),
        Wish::TakeBack => take_back(world, &intent),
        Wish::Cancel => say_in_thread(world, &intent, (Did::Cancelled, "cancel")),
        Wish::Resolve => resolve(world, &intent),
        Wish::Type { value, name } => type_name(world, &intent, (value, name)),
        Wish::Explain { value } => explain(world, &intent, value),
    };
    if done.is_none() && intent.tries < PATIENCE {
        let later = world.millis(1_000, 9_000);
        world.plan(later, Happening::Intent(Intent { tries: intent.tries + 1, ..intent }));
    }
}

fn say(world: &mut World, intent: &Intent) -> Option<()> {
    let ask = world.history.asks.get(intent.ask)?;
    let (known, target) = (ask.known, ask.target);
    let tail = format!("{target} ref {}", intent.ask);
    let utterance = if world.random.in_thousand(150) {
        let address =
            Address::Slash { command: format!("/{}", known.name), reply_to: intent.ask.to_string() };
        Utterance { text: tail, address, message: None, thread: None }
    } else {
        // Something that is no command is answered, once.
        let word = if world.random.in_thousand(40) { "stew" } else { known.name };
        let now = world.now;
        let root = world.slack.post(now, None, None).id.clone();
        if let Some(message) = world.slack.message_mut(&root) {
            message.ask = Some(intent.ask);
        }
        if let Some(ask) = world.history.asks.get_mut(intent.ask) {
            ask.root = Some(root.clone());
        }
        let text = format!("{word} {tail}");
        Utterance { text, address: Address::Mention, message: Some(root), thread: None }
    };
    let act = record(world, intent, (Did::Asked, Said::Said(utterance)));
    if let Some(ask) = world.history.asks.get_mut(intent.ask) {
        ask.act = act;
    }
    Some(())
}

fn sign(world: &mut World, intent: &Intent) -> Option<()> {
    let card = world.slack.card(intent.ask).filter(|card| card.stands());
    let Some((card, signs)) = card.map(|card| (card.id.clone(), card.signs())) else {
        // Some do not wait for the card.
        if world.random.in_thousand(150) {
            let root = world.history.asks.get(intent.ask)?.root.clone()?;
            react(world, intent, (&root, &YES));
        }
        return None;
    };
    let Some(signs) = signs else {
        if world.random.in_thousand(200) {
            react(world, intent, (&card, &YES));
        }
        return None;
    };
    match world.random.below(3) {
        0 => {
            press(world, intent, (&card, actions::SIGN, signs));
        }
        1 => react(world, intent, (&card, &YES)),
        _ => {
            let root = world.history.asks.get(intent.ask)?.root.clone()?;
            react(world, intent, (&root, &YES));
        }
    }
    // They look again whether the plan that they signed still stands.
    (intent.tries > 2 || world.random.in_thousand(500)).then_some(())
}

fn object(world: &mut World, intent: &Intent) -> Option<()> {
    let card = world.slack.card(intent.ask).filter(|card| card.stands());
    let button = card.and_then(|card| Some((card.id.clone(), card.signs()?)));
    match button {
        Some((card, signs)) if world.random.in_thousand(500) => {
            press(world, intent, (&card, actions::OBJECT, signs));
        }
        Some((card, _)) if world.random.in_thousand(500) => react(world, intent, (&card, &NO)),
        _ => {
            let root = world.history.asks.get(intent.ask)?.root.clone()?;
            react(world, intent, (&root, &NO));
        }
    }
    Some(())
}

/// Takes the newest reaction of this person about the sentence away.
pub fn take_back(world: &mut World, intent: &Intent) -> Option<()> {
    let tick = world.tick + 1;
    let messages = world.slack.messages.iter_mut().filter(|message| message.ask == Some(intent.ask));
    let mut found = None;
    for message in messages {
        let mine =
            message.reactions.iter_mut().find(|one| one.person == intent.person && one.taken.is_none());
        if let Some(reaction) = mine {
            reaction.taken = Some(tick);
            found = Some((message.id.clone(), reaction.emoji));
        }
        if found.is_some() {
            break;
        }
    }
    let (message, emoji) = found?;
    let said = Said::Reacted { message, emoji: emoji.to_owned(), change: Change::Removed };
    record(world, intent, (Did::TookBack, said));
    Some(())
}

fn type_name(world: &mut World, intent: &Intent, (value, name): (&str, &str)) -> Option<()> {
    let right = world.random.in_thousand(850);
    let input = if right { name.to_owned() } else { "another".to_owned() };
    let fingerprint = value.split_once(' ').and_then(|(_, text)| Fingerprint::try_from(text.to_owned()).ok());
    let did = match fingerprint {
        Some(fingerprint) if right => Did::Typed(fingerprint),
        _ => Did::Explained,
    };
    let said = Said::Submitted { dialog: actions::CONFIRM.to_owned(), value: value.to_owned(), input };
    record(world, intent, (did, said));
    Some(())
}

fn explain(world: &mut World, intent: &Intent, value: &str) -> Option<()> {
    let said = Said::Submitted {
        dialog: actions::REASON.to_owned(),
        value: value.to_owned(),
        input: "not today".to_owned(),
    };
    record(world, intent, (Did::Explained, said));
    Some(())
}

fn say_in_thread(world: &mut World, intent: &Intent, (did, text): (Did, &str)) -> Option<()> {
    let root = world.history.asks.get(intent.ask)?.root.clone()?;
    let now = world.now;
    let message = world.slack.post(now, Some(&root), None).id.clone();
    let utterance = Utterance {
        text: text.to_owned(),
        address: Address::Mention,
        message: Some(message),
        thread: Some(root),
    };
    record(world, intent, (did, Said::Said(utterance)));
    Some(())
}

/// Whoever reads on the card that nobody knows says what they found.
fn resolve(world: &mut World, intent: &Intent) -> Option<()> {
    let card = world.slack.card(intent.ask)?;
    let heading = card.shown.last().map(|shown| shown.heading.as_str());
    if heading != Some("Nobody knows whether it worked") {
        return None;
    }
    say_in_thread(world, intent, (Did::Resolved, "resolve as failed: nothing is there"))
}

fn press(world: &mut World, intent: &Intent, (card, action, signs): (&MessageId, &str, Fingerprint)) {
    let trigger = Some(world.history.acts.len().to_string());
    let said =
        Said::Pressed { message: card.clone(), action: action.to_owned(), value: signs.to_string(), trigger };
    let did = if action == actions::SIGN { Did::Signed(signs) } else { Did::Objected };
    record(world, intent, (did, said));
}

fn react(world: &mut World, intent: &Intent, (message, emojis): (&MessageId, &[&'static str])) {
    let Some(emoji) = world.random.one_of(emojis).copied() else { return };
    let (put, at) = (world.tick + 1, world.now);
    let Some(there) = world.slack.message_mut(message).filter(|message| message.stands()) else { return };
    let stands = |one: &Reaction| one.person == intent.person && one.emoji == emoji && one.taken.is_none();
    if there.reactions.iter().any(stands) {
        return;
    }
    there.reactions.push(Reaction { person: intent.person, emoji, put, at, taken: None });
    let said = Said::Reacted { message: message.clone(), emoji: emoji.to_owned(), change: Change::Added };
    record(world, intent, (Did::Reacted, said));
}

/// Writes down what somebody did, and sends it on its way.
fn record(world: &mut World, intent: &Intent, (did, said): (Did, Said)) -> usize {
    let number = world.history.acts.len();
    let key = match &said {
        Said::Said(Utterance { message: Some(message), .. }) => format!("msg/{message}"),
        _ => format!("act/{number}"),
    };
    let Some(account) = ACCOUNTS.get(intent.person) else { return number };
    let tick = world.happens(|| format!("{} {did:?} about {}: {said:?}", account.user, intent.ask));
    let envelope = Envelope { at: world.now, person: account.id(), channel: World::channel(), act: said };
    world.history.acts.push(Act {
        tick,
        at: world.now,
        person: intent.person,
        ask: intent.ask,
        did,
        envelope,
        key,
        acked: None,
        done: None,
        deliveries: 0,
    });
    send(world, number);
    number
}

/// The transport takes an act up: at once or late, once or twice, or it is lost.
fn send(world: &mut World, act: usize) {
    let rate = world.faults.delivery;
    let late = world.random.in_thousand(rate);
    let delay = if late { world.millis(0, 25_000) } else { world.millis(0, 200) };
    if !world.random.in_thousand(rate / 8) {
        world.plan(delay, Happening::Delivery { act, insists: true });
    }
    if world.random.in_thousand(rate) {
        let delay = world.millis(0, 15_000);
        world.plan(delay, Happening::Delivery { act, insists: false });
    }
}
