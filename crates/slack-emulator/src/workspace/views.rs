//! Opening, replacing and closing modals, and drawing the home tab.

use jiff::SignedDuration;
use serde_json::{Map, Value};

use super::change::What;
use super::ids::{Ts, UserId, ViewId};
use super::state::State;
use super::tx::Tx;
use super::view::{MAX_STACK, View, ViewKind};
use super::{Refused, Workspace};

/// Which view is meant, and in which version.
#[derive(Debug, Clone)]
pub(crate) struct ViewRef {
    pub(crate) id: ViewId,
    /// The version that the caller saw; `None` does not care.
    pub(crate) hash: Option<String>,
}

impl Workspace {
    /// Opens a modal in front of the person who gave the trigger, closing what was open.
    pub(crate) async fn open_view(&self, trigger: &str, body: Map<String, Value>) -> Result<View, Refused> {
        self.commit(|tx| {
            let user = tx.exchange_trigger(trigger)?;
            check_external_id(tx.state, &user, &body, None)?;
            tx.close_all(&user);
            Ok(tx.show_modal(&user, body, None))
        })
        .await
    }

    /// Lays a modal on top of the one that is open.
    pub(crate) async fn push_view(&self, trigger: &str, body: Map<String, Value>) -> Result<View, Refused> {
        self.commit(|tx| {
            let user = tx.check_trigger(trigger)?;
            let top = tx.state.modals(&user).last().copied().cloned().ok_or(Refused::ViewNotFound)?;
            check_external_id(tx.state, &user, &body, None)?;
            if top.depth + 1 >= MAX_STACK {
                return Err(Refused::PushLimit);
            }
            tx.exchange_trigger(trigger)?;
            Ok(tx.show_modal(&user, body, Some(&top)))
        })
        .await
    }

    /// Replaces what an open view shows.
    pub(crate) async fn update_view(
        &self,
        which: &ViewRef,
        body: Map<String, Value>,
    ) -> Result<View, Refused> {
        self.commit(|tx| {
            let view = tx.state.view(&which.id).cloned().ok_or(Refused::ViewNotFound)?;
            if which.hash.as_ref().is_some_and(|hash| *hash != view.hash) {
                return Err(Refused::HashConflict);
            }
            check_external_id(tx.state, &view.user, &body, Some(&view.id))?;
            Ok(tx.replace_view(view, body))
        })
        .await
    }

    /// Draws a person's home tab.
    pub(crate) async fn publish_home(
        &self,
        user: &UserId,
        body: Map<String, Value>,
        hash: Option<&str>,
    ) -> Result<View, Refused> {
        self.commit(|tx| {
            tx.state.person(user).ok_or(Refused::UserNotFound)?;
            let old = tx.state.home(user).cloned();
            if let (Some(hash), Some(old)) = (hash, &old)
                && *hash != old.hash
            {
                return Err(Refused::HashConflict);
            }
            match old {
                Some(old) => Ok(tx.replace_view(old, body)),
                None => Ok(tx.show(user, ViewKind::Home, body, None)),
            }
        })
        .await
    }
}

impl Tx<'_> {
    /// The person who gave a trigger that is still good.
    pub(crate) fn check_trigger(&self, id: &str) -> Result<UserId, Refused> {
        let trigger = self.state.triggers.get(id).ok_or(Refused::TriggerUnknown)?;
        if trigger.used {
            return Err(Refused::TriggerUsed);
        }
        if Ts::at(self.now) > trigger.expires {
            return Err(Refused::TriggerExpired);
        }
        Ok(trigger.user.clone())
    }

    fn exchange_trigger(&mut self, id: &str) -> Result<UserId, Refused> {
        let user = self.check_trigger(id)?;
        if let Some(trigger) = self.state.triggers.get_mut(id) {
            trigger.used = true;
        }
        Ok(user)
    }

    /// Shows a modal, on top of `below`.
    pub(crate) fn show_modal(
        &mut self,
        user: &UserId,
        body: Map<String, Value>,
        below: Option<&View>,
    ) -> View {
        self.show(user, ViewKind::Modal, body, below)
    }

    fn show(
        &mut self,
        user: &UserId,
        kind: ViewKind,
        body: Map<String, Value>,
        below: Option<&View>,
    ) -> View {
        let id = ViewId::new(self.next_id("V"));
        let view = View {
            id: id.clone(),
            user: user.clone(),
            kind,
            depth: below.map_or(0, |below| below.depth + 1),
            body: self.prepared(body),
            hash: self.next_hash(),
            root: below.map_or_else(|| id, |below| below.root.clone()),
            previous: below.map(|below| below.id.clone()),
            values: Map::new(),
            errors: Map::new(),
        };
        self.viewed(&view);
        self.put_view(view.clone());
        view
    }

    /// Replaces what a view shows; what was entered in blocks that stay is kept.
    pub(crate) fn replace_view(&mut self, mut view: View, body: Map<String, Value>) -> View {
        view.body = self.prepared(body);
        view.hash = self.next_hash();
        view.errors = Map::new();
        let kept: Vec<_> = view
            .blocks()
            .iter()
            .filter_map(|block| block.get("block_id")?.as_str())
            .map(String::from)
            .collect();
        view.values.retain(|block, _| kept.contains(block));
        self.viewed(&view);
        self.put_view(view.clone());
        view
    }

    /// Closes one modal.
    pub(crate) fn close(&mut self, view: &View) {
        self.remove_view(&view.id);
        self.viewed(view);
    }

    /// Closes every modal in front of a person.
    pub(crate) fn close_all(&mut self, user: &UserId) {
        let open: Vec<_> = self.state.modals(user).into_iter().cloned().collect();
        for view in &open {
            self.close(view);
        }
    }

    /// Tells the page of the person who sees a view.
    pub(crate) fn viewed(&mut self, view: &View) {
        let user = view.user.clone();
        self.changed(match view.kind {
            ViewKind::Modal => What::ModalsChanged { user },
            ViewKind::Home => What::HomeChanged { user },
        });
    }

    fn prepared(&mut self, mut body: Map<String, Value>) -> Map<String, Value> {
        if let Some(Value::Array(blocks)) = body.remove("blocks") {
            let blocks = self.with_block_ids(blocks);
            body.insert("blocks".into(), Value::Array(blocks));
        }
        body
    }

    fn next_hash(&mut self) -> String {
        let now = self.after(SignedDuration::ZERO);
        format!("{}.{:08}", now.seconds(), self.next_number())
    }
}

/// An app's own name for a view must be its only one in front of this person.
fn check_external_id(
    state: &State,
    user: &UserId,
    body: &Map<String, Value>,
    except: Option<&ViewId>,
) -> Result<(), Refused> {
    let Some(id) = body.get("external_id").and_then(Value::as_str).filter(|id| !id.is_empty()) else {
        return Ok(());
    };
    let taken = state
        .views
        .values()
        .any(|view| view.user == *user && view.text("external_id") == id && Some(&view.id) != except);
    if taken { Err(Refused::DuplicateExternalId) } else { Ok(()) }
}
