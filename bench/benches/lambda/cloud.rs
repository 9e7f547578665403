//! Lambda's runtime interface (Lambda developer guide, custom runtimes) and an AWS that knows of nothing.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot};

const EC2: &str = "<DescribeSecurityGroupsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
                   <requestId>r</requestId><securityGroupInfo/></DescribeSecurityGroupsResponse>";

/// Where functions get their events.
pub(crate) struct Cloud {
    pub(crate) address: String,
    desk: Arc<Desk>,
}

#[derive(Default)]
struct Desk {
    event: Mutex<Option<String>>,
    waiting: Notify,
    answered: Mutex<Option<oneshot::Sender<Answered>>>,
}

/// What came back, and when.
pub(crate) struct Answered {
    pub(crate) at: Instant,
    pub(crate) is_error: bool,
}

impl Cloud {
    pub(crate) async fn open() -> Result<Self> {
        let desk = Arc::new(Desk::default());
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
            .fallback(aws)
            .with_state(Arc::clone(&desk));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, desk })
    }

    /// The next function that asks gets this event; its answer comes here.
    pub(crate) fn expects(&self, event: &str) -> Result<oneshot::Receiver<Answered>> {
        let (sender, receiver) = oneshot::channel();
        *self.desk.event.lock().ok().context("a broken lock")? = Some(event.to_owned());
        *self.desk.answered.lock().ok().context("a broken lock")? = Some(sender);
        self.desk.waiting.notify_one();
        Ok(receiver)
    }
}

async fn next(State(desk): State<Arc<Desk>>) -> Response {
    loop {
        let event = desk.event.lock().ok().and_then(|mut event| event.take());
        if let Some(event) = event {
            let headers = [
                ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
                ("lambda-runtime-deadline-ms", "4102444800000"),
                ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:123456789012:function:f"),
            ];
            return (headers, event).into_response();
        }
        desk.waiting.notified().await;
    }
}

async fn answered(State(desk): State<Arc<Desk>>) -> &'static str {
    desk.tell(false)
}

async fn failed(State(desk): State<Arc<Desk>>) -> &'static str {
    desk.tell(true)
}

impl Desk {
    fn tell(&self, is_error: bool) -> &'static str {
        let sender = self.answered.lock().ok().and_then(|mut sender| sender.take());
        if let Some(sender) = sender {
            // Nobody waits any more where the benchmark was stopped.
            let _ = sender.send(Answered { at: Instant::now(), is_error });
        }
        "{}"
    }
}

async fn aws(headers: HeaderMap) -> Response {
    match headers.contains_key("x-amz-target") {
        true => {
            ([("content-type", "application/x-amz-json-1.0")], r#"{"Items":[],"Count":0}"#).into_response()
        }
        false => ([("content-type", "text/xml")], EC2).into_response(),
    }
}
