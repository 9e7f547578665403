//! What is over was shown before it was closed.

use super::{Case, Findings};
use crate::world::World;

/// A closed operation's card said how it ended.
pub fn check(world: &World, case: &Case, found: &mut Findings) {
    let (Some(closed), Some(ended)) = (case.closed, case.ended()) else { return };
    found.expect(ended < closed, "nothing is closed before its end", || case.id.to_string());
    if world.history.refusals > 0 {
        // What the chat refuses to show cannot be shown.
        return;
    }
    let cards =
        world.slack.messages.iter().filter(|message| message.ask == Some(case.ask) && message.is_card());
    if world.history.is_alone {
        let number = cards.clone().count();
        found.expect(number <= 1, "the card is edited, never repeated", || {
            format!("{}: {number} cards", case.id)
        });
    }
    let mut shown = cards.flat_map(|card| &card.shown).map(|shown| shown.tick);
    let is_shown = shown.any(|tick| ended < tick && tick < closed);
    found.expect(is_shown, "nothing is closed before it is shown", || format!("{} at {closed}", case.id));
}
