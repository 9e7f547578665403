//! AWS Lambda's interface, as far as a caller sees it, on this machine.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::post;
use tokio::net::TcpListener;

use super::*;
use crate::remote::{Function, Lambda};

const WITHIN: Duration = Duration::from_secs(10);

async fn invoked<A: IntoResponse + Clone + Send + Sync + 'static>(
    answer: A,
) -> Result<Vec<u8>, TransportError> {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route(
        "/2015-03-31/functions/{name}/invocations",
        post(move |Path(name): Path<String>, body: String| async move {
            assert_eq!((name.as_str(), body.as_str()), ("whitelist:live", "{}"));
            answer
        }),
    );
    tokio::spawn(async { axum::serve(listener, router).await });
    let function = Function {
        name: "whitelist:live".to_owned(),
        region: Some("eu-central-1".to_owned()),
        endpoint: Some(endpoint),
    };
    Lambda::new(function).call(b"{}".to_vec(), WITHIN).await
}

fn error(kind: &'static str) -> ([(&'static str, &'static str); 1], &'static str) {
    ([("x-amzn-errortype", kind)], "{\"message\": \"no\"}")
}

#[tokio::test]
async fn a_function_answers() {
    assert_eq!(invoked("the answer").await.unwrap(), b"the answer");
}

#[tokio::test]
async fn a_function_that_died_may_have_done_it() {
    let died = invoked(([("x-amz-function-error", "Unhandled")], "{\"errorMessage\": \"secret\"}")).await;
    let Err(TransportError::Lost(cause)) = died else { panic!("{died:?}") };
    assert_eq!(cause.to_string(), "the function ended with an error (Unhandled)");
}

#[tokio::test]
async fn what_aws_refuses_was_not_run() {
    let missing = invoked((StatusCode::NOT_FOUND, error("ResourceNotFoundException"))).await;
    assert!(matches!(missing, Err(TransportError::NotSent(_))), "{missing:?}");
    let busy = invoked((StatusCode::TOO_MANY_REQUESTS, error("TooManyRequestsException"))).await;
    assert!(matches!(busy, Err(TransportError::NotSent(_))), "{busy:?}");
    let broken = invoked((StatusCode::INTERNAL_SERVER_ERROR, error("ServiceException"))).await;
    assert!(matches!(broken, Err(TransportError::Lost(_))), "{broken:?}");
}
