//! A Slack that answers by a script, for tests of what calls it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::test_clock::TestClock;
use crate::web_api::{Deadlines, Settings};
use crate::{Secret, WebApi};

type Script = Box<dyn Fn(usize) -> Response + Send + Sync>;

/// One request.
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

struct Server {
    script: Script,
    calls: AtomicUsize,
    seen: Mutex<Vec<Seen>>,
}

async fn answer(State(slack): State<Arc<Server>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let call = slack.calls.fetch_add(1, Ordering::SeqCst);
    let body = String::from_utf8_lossy(&body).into_owned();
    slack.seen.lock().unwrap().push(Seen { path: uri.path().to_owned(), headers, body });
    (slack.script)(call)
}

/// A server on the loopback, and a client of it.
pub(crate) struct Scripted {
    server: Arc<Server>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) api: WebApi,
    pub(crate) origin: String,
}

impl Scripted {
    /// A server that gives these answers; the script is told how many there were before.
    pub(crate) async fn start(script: impl Fn(usize) -> Response + Send + Sync + 'static) -> Self {
        let server =
            Arc::new(Server { script: Box::new(script), calls: AtomicUsize::new(0), seen: Mutex::default() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&server));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let clock = Arc::new(TestClock::new());
        let base = format!("{origin}/api").parse().unwrap();
        let settings = Settings { base, token: Secret::new("xoxb-secret"), deadlines: Deadlines::default() };
        let api = WebApi::new(settings, clock.clone()).unwrap();
        Self { server, clock, api, origin }
    }

    /// How many requests came.
    pub(crate) fn calls(&self) -> usize {
        self.server.calls.load(Ordering::SeqCst)
    }

    /// The requests so far, which are forgotten with this.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.server.seen.lock().unwrap())
    }
}

/// `ok: true` with these fields.
pub(crate) fn ok(fields: &Value) -> Response {
    let mut answer = json!({"ok": true});
    answer.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    axum::Json(answer).into_response()
}

/// `ok: false` with this error.
pub(crate) fn refusal(code: &str) -> Response {
    axum::Json(json!({"ok": false, "error": code})).into_response()
}
