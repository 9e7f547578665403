//! Live updates: a stream of what looks different since the last time.
//!
//! After each change of the workspace the reader's place is drawn again and compared with what the reader has; only
//! the items that differ are sent. So no change can be forgotten here, and a reader who fell behind or comes back
//! after a while gets what it needs without any history.

use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use serde_json::{Map, Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::watch;

use super::draw::scene::{Region, Scene};
use super::place::{Address, Place};
use crate::Shared;
use crate::aside::Aside;
use crate::workspace::{Change, What, Workspace};

/// `GET /page/events?as=…&channel=…&thread=…`: a stream of `update` events, and `gone` when the place is no more.
pub(super) async fn events(State(shared): State<Arc<Shared>>, Query(address): Query<Address>) -> Response {
    let workspace = shared.workspace.clone();
    // Subscribing before drawing: a change in between is seen twice rather than never.
    let changes = workspace.changes();
    match workspace.read(|state| Place::find(state, &address)) {
        Ok(place) => {
            let beside = Beside::of(shared.aside.as_ref());
            let reader = Reader {
                workspace,
                changes,
                beside,
                place,
                address,
                seen: HashMap::new(),
                phase: Phase::New,
            };
            Sse::new(updates(reader)).keep_alive(KeepAlive::default()).into_response()
        }
        Err(_) => Sse::new(stream::iter([Ok::<_, Infallible>(gone())])).into_response(),
    }
}

struct Reader {
    workspace: Workspace,
    changes: Receiver<Change>,
    beside: Beside,
    place: Place,
    address: Address,
    /// For each region, the items that the reader has: id and a hash of what it looks like.
    seen: HashMap<&'static str, Vec<(String, u64)>>,
    phase: Phase,
}

/// What stands beside the workspace, if anything does.
struct Beside {
    aside: Option<Arc<dyn Aside>>,
    changes: Option<watch::Receiver<u64>>,
}

impl Beside {
    fn of(aside: Option<&Arc<dyn Aside>>) -> Self {
        Self { aside: aside.cloned(), changes: aside.map(|aside| aside.changes()) }
    }

    /// Resolves when it may look different; never, if it cannot.
    async fn changed(&mut self) {
        let moved = match &mut self.changes {
            Some(changes) => changes.changed().await.is_ok(),
            None => false,
        };
        if !moved {
            std::future::pending::<()>().await;
        }
    }
}

#[derive(PartialEq, Eq)]
enum Phase {
    New,
    Following,
    Over,
}

fn updates(reader: Reader) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(reader, |mut reader| async move {
        loop {
            match reader.phase {
                Phase::Over => return None,
                Phase::New => reader.phase = Phase::Following,
                Phase::Following => reader.changed().await?,
            }
            if let Some(event) = reader.redraw() {
                return Some((Ok(event), reader));
            }
        }
    })
}

impl Reader {
    /// Resolves after a change that may show at this place; `None` when the workspace is gone.
    async fn changed(&mut self) -> Option<()> {
        loop {
            let change = tokio::select! {
                change = self.changes.recv() => change,
                () = self.beside.changed() => return Some(()),
            };
            match change {
                Ok(change) if !self.concerns(&change.what) => {}
                Ok(_) | Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return None,
            }
        }
        // What has piled up meanwhile is drawn at once.
        while matches!(self.changes.try_recv(), Ok(_) | Err(TryRecvError::Lagged(_))) {}
        Some(())
    }

    fn concerns(&self, what: &What) -> bool {
        match what {
            What::EphemeralChanged { user, .. }
            | What::ModalsChanged { user }
            | What::HomeChanged { user } => *user == self.place.me,
            // A new message elsewhere shows in the list of channels.
            What::MessagePosted(_)
            | What::MessageDeleted(_)
            | What::ChannelChanged { .. }
            | What::PeopleChanged
            | What::Reset => true,
            What::MessageChanged(message) | What::ReactionsChanged(message) => {
                message.channel == self.place.channel
            }
        }
    }

    /// What to send; `None` when nothing looks different.
    fn redraw(&mut self) -> Option<Event> {
        let panel = self.beside.aside.as_ref().map(|aside| aside.draw());
        let drawn = self.workspace.read(|state| {
            let place = Place::find(state, &self.address).ok()?;
            Some(Scene::draw(state, &place).beside(panel.as_ref(), &place))
        });
        let Some(scene) = drawn else {
            self.phase = Phase::Over;
            return Some(gone());
        };
        let different: Vec<Value> =
            scene.regions.iter().filter_map(|region| difference(region, &mut self.seen)).collect();
        (!different.is_empty())
            .then(|| Event::default().event("update").data(Value::from(different).to_string()))
    }
}

/// Tells the reader to load the page anew, which then says what happened to the place.
fn gone() -> Event {
    Event::default().event("gone").data("-")
}

/// What a reader must change in a region: the order of all items, and those that look different.
fn difference(region: &Region, seen: &mut HashMap<&'static str, Vec<(String, u64)>>) -> Option<Value> {
    let now: Vec<(String, u64)> =
        region.items.iter().map(|item| (item.id.clone(), looks(item.html.as_str()))).collect();
    let before = seen.get(region.id);
    if before == Some(&now) {
        return None;
    }
    let had: HashMap<&str, u64> =
        before.into_iter().flatten().map(|(id, looks)| (id.as_str(), *looks)).collect();
    let changed: Map<String, Value> = region
        .items
        .iter()
        .zip(&now)
        .filter(|(item, (_, looks))| had.get(item.id.as_str()) != Some(looks))
        .map(|(item, _)| (item.id.clone(), Value::from(item.html.as_str())))
        .collect();
    let order: Vec<&str> = now.iter().map(|(id, _)| id.as_str()).collect();
    let update = json!({"region": region.id, "order": order, "changed": changed});
    seen.insert(region.id, now);
    Some(update)
}

fn looks(html: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    html.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::draw::scene::Item;
    use crate::page::html::Html;

    fn region(items: &[(&str, &str)]) -> Region {
        let items = items.iter().map(|(id, text)| Item { id: (*id).into(), html: Html::escaped(text) });
        Region { id: "messages", items: items.collect() }
    }

    #[test]
    fn only_what_looks_different_is_sent() {
        let mut seen = HashMap::new();
        let first = difference(&region(&[("a", "1"), ("b", "2")]), &mut seen).unwrap();
        assert_eq!(first["changed"], json!({"a": "1", "b": "2"}));
        assert_eq!(difference(&region(&[("a", "1"), ("b", "2")]), &mut seen), None);
        let edited = difference(&region(&[("a", "1"), ("b", "3"), ("c", "4")]), &mut seen).unwrap();
        assert_eq!(edited["changed"], json!({"b": "3", "c": "4"}));
        let removed = difference(&region(&[("b", "3"), ("c", "4")]), &mut seen).unwrap();
        assert_eq!((&removed["order"], &removed["changed"]), (&json!(["b", "c"]), &json!({})));
        let moved = difference(&region(&[("c", "4"), ("b", "3")]), &mut seen).unwrap();
        assert_eq!((&moved["order"], &moved["changed"]), (&json!(["c", "b"]), &json!({})));
    }
}
