//! Everything on the page that moves, as regions of items.

use super::message::{self, Head, Pane};
use super::{Viewer, aside, modal, names, sidebar};
use crate::aside::Panel;
use crate::page::html::Html;
use crate::page::place::Place;
use crate::workspace::{Ephemeral, Message, State, Ts};

/// The most messages that are shown in a channel or a thread; older ones stay in the workspace.
const SHOWN: usize = 300;

/// Messages of the same author within this many seconds stand together.
const TOGETHER: u64 = 300;

/// What a reader sees at one moment.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// The regions; each is an element of the page with that id.
    pub regions: Vec<Region>,
}

/// A part of the page whose items come, change and go.
#[derive(Clone, Debug)]
pub struct Region {
    /// The id of its element.
    pub id: &'static str,
    /// What is in it, in order.
    pub items: Vec<Item>,
}

/// One element of a region.
#[derive(Clone, Debug)]
pub struct Item {
    /// The id of the element.
    pub id: String,
    /// The element.
    pub html: Html,
}

impl Scene {
    /// Draws what stands at a place.
    pub fn draw(state: &State, place: &Place) -> Scene {
        let names = names(state, place);
        let viewer = Viewer { state, place, names: &names };
        let side = Item { id: "channels".to_owned(), html: sidebar::channels(viewer) };
        let mut regions = vec![
            Region { id: "side", items: vec![side] },
            Region { id: "messages", items: channel(viewer) },
            Region { id: "modals", items: modals(viewer) },
        ];
        if let Some(root) = place.thread {
            regions.push(Region { id: "replies", items: thread(viewer, root) });
        }
        Scene { regions }
    }

    /// The same, with what stands beside the workspace.
    pub fn beside(mut self, panel: Option<&Panel>, place: &Place) -> Scene {
        let item = panel.map(|panel| Item { id: "aside-panel".to_owned(), html: aside::html(panel, place) });
        self.regions.push(Region { id: "aside", items: item.into_iter().collect() });
        self
    }

    /// The items of a region, one after the other.
    pub fn region(&self, id: &str) -> Html {
        let found = self.regions.iter().filter(|region| region.id == id).flat_map(|region| &region.items);
        found.map(|item| item.html.clone()).collect()
    }
}

fn channel(viewer: Viewer<'_>) -> Vec<Item> {
    let Viewer { state, place, .. } = viewer;
    let mut messages: Vec<&Message> = state.messages(&place.channel).rev().take(SHOWN).collect();
    messages.reverse();
    let whispers = state.ephemerals(&place.me, &place.channel).filter(|one| one.thread_ts.is_none());
    items(viewer, Pane::Channel, (messages, whispers.collect()))
}

fn thread(viewer: Viewer<'_>, root: Ts) -> Vec<Item> {
    let Viewer { state, place, .. } = viewer;
    let replies = state.replies(&place.channel, root);
    let first = replies.len().saturating_sub(SHOWN);
    let messages: Vec<&Message> =
        state.message(&place.channel, root).into_iter().chain(replies.into_iter().skip(first)).collect();
    let whispers = state.ephemerals(&place.me, &place.channel).filter(|one| one.thread_ts == Some(root));
    items(viewer, Pane::Thread, (messages, whispers.collect()))
}

/// Messages and whispers in order of time.
fn items(
    viewer: Viewer<'_>,
    pane: Pane,
    (messages, whispers): (Vec<&Message>, Vec<&Ephemeral>),
) -> Vec<Item> {
    let mut timed: Vec<(Ts, Item)> = Vec::with_capacity(messages.len() + whispers.len());
    let mut above: Option<&Message> = None;
    for one in messages {
        let head = if above.is_some_and(|above| continues(above, one, &whispers)) {
            Head::Continued
        } else {
            Head::Full
        };
        let html = message::html(viewer, one, (pane, head));
        timed.push((one.ts, Item { id: message::id(pane, one.ts), html }));
        above = Some(one);
    }
    for one in whispers {
        timed.push((one.ts, Item { id: format!("e-{}", one.ts), html: message::whisper(viewer, one) }));
    }
    timed.sort_by_key(|(ts, _)| *ts);
    timed.into_iter().map(|(_, item)| item).collect()
}

/// Whether `one` goes on directly under `above`.
fn continues(above: &Message, one: &Message, whispers: &[&Ephemeral]) -> bool {
    let interrupted = whispers.iter().any(|whisper| above.ts < whisper.ts && whisper.ts < one.ts);
    above.author == one.author
        && above.subtype.is_none()
        && one.subtype.is_none()
        && above.thread_ts != Some(above.ts)
        && one.ts.seconds().saturating_sub(above.ts.seconds()) < TOGETHER
        && one.blocks.len() <= 1
        && !interrupted
}

fn modals(viewer: Viewer<'_>) -> Vec<Item> {
    let views = viewer.state.modals(&viewer.place.me);
    views
        .into_iter()
        .map(|view| Item { id: format!("v-{}", view.id), html: modal::html(viewer, view) })
        .collect()
}
