//! Requests that were taken and have no card that says what became of them: their authors are told.

use std::sync::Arc;

use countersign_core::ids::MessageId;
use countersign_core::reply::{Reply, lost_before_its_plan, lost_halfway};
use countersign_engine::ports::{Cause, Chat as _, ChatError, Post};
use countersign_slack::{Me, SlackChat, WebApi, payload_of};
use serde_json::Value;
use tokio::task::JoinHandle;

use super::book::Book;
use super::markers::{End, Standing};
use super::scan::Request;
use super::seal::Place;

/// The task that tells them, for as long as this lives.
pub(super) struct Untold(Option<JoinHandle<()>>);

impl Drop for Untold {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

impl Untold {
    /// Waits a while, looks once more, then tells.
    pub(super) fn start(
        (api, me): (WebApi, Me),
        (chat, book): (Arc<SlackChat>, Arc<Book>),
        requests: Vec<Request>,
    ) -> Self {
        if requests.is_empty() {
            return Self(None);
        }
        // Another process may be at it at this moment, as in a rolling restart.
        let then = book.lease_from_now();
        Self(Some(tokio::spawn(async move {
            book.clock.sleep_until(then).await;
            for request in requests {
                if let Err(error) = tell((&api, &me), (&chat, &book), &request).await {
                    let cause = countersign_engine::causes::line(&*error);
                    tracing::error!(message = %request.message, cause, "an author could not be told");
                }
            }
        })))
    }
}

async fn tell(
    (api, me): (&WebApi, &Me),
    (chat, book): (&SlackChat, &Book),
    request: &Request,
) -> Result<(), Cause> {
    let Request { channel, message, thread } = request;
    let standing = Standing::of(&api.reactions(channel, message).await?, me);
    let found = api.replies(channel, thread, None).await?;
    // Another process may have posted a card meanwhile.
    let is_its_card = |value: &Value| {
        let id = MessageId::new(value.get("ts").and_then(Value::as_str).unwrap_or_default());
        let place = Place { channel, message: &id };
        let kept = payload_of(value, me).and_then(|payload| book.sealer.open(place, payload));
        kept.and_then(|kept| kept.root()).as_ref() == Some(message)
    };
    if standing.end.is_some() || found.messages.iter().any(is_its_card) {
        return Ok(());
    }
    let (end, reply): (End, Reply) = match standing.applying {
        true => (End::Unknown, lost_halfway()),
        false => (End::Failed, lost_before_its_plan()),
    };
    // The marker first: whoever finds it there leaves the request alone.
    api.add_reaction(channel, message, end.emoji()).await?;
    let posted = chat.post(Post { channel, thread: Some(thread), reply: &reply, mark: None }).await;
    posted.map(drop).map_err(|error: ChatError| error.into())
}
