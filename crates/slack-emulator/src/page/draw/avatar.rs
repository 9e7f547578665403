//! A person's initials on a colour of their own; the app gets a mark instead.

use super::icon::{self, Icon};
use crate::page::html::{Html, el};
use crate::seed::Role;
use crate::workspace::{State, UserId};

/// How many colours there are; the style sheet has `hue-0` to `hue-7`.
const HUES: usize = 8;

/// Draws the picture of an account; it says nothing that the name beside it does not.
pub(super) fn html(state: &State, user: &UserId) -> Html {
    let person = state.person(user);
    if person.is_some_and(|person| person.role == Role::Bot) {
        return el("span")
            .class("avatar avatar-app")
            .attr("aria-hidden", "true")
            .child(icon::html(Icon::App))
            .into();
    }
    let name = person.map_or(user.as_str(), |person| person.real_name.as_str());
    let place = state.people().iter().position(|one| one.id == *user).unwrap_or_default();
    let class = format!("avatar hue-{}", place % HUES);
    el("span").class(class).attr("aria-hidden", "true").text(initials(name)).into()
}

/// The picture of Slack's own words, such as "the app did not answer".
pub(super) fn notice() -> Html {
    el("span").class("avatar avatar-notice").attr("aria-hidden", "true").text("!").into()
}

fn initials(name: &str) -> String {
    let letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    letters.take(2).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_the_first_two_words() {
        assert_eq!(initials("Ana Alves"), "AA");
        assert_eq!(initials("  élodie (x) third"), "ÉX");
        assert_eq!(initials("🦀"), "");
    }
}
