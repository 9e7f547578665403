//! HTTP, and what of a failure is certain.

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use axum::routing::post;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use super::*;
use crate::remote::{Http, SharedSecret};

const WITHIN: Duration = Duration::from_secs(10);

fn http(url: &str) -> impl Transport {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let secret = SharedSecret::new("0123456789abcdef");
    Http::new(url, secret).unwrap().at(clock())
}

/// A server with these answers, and its address.
async fn serving<A: IntoResponse + Clone + Send + Sync + 'static>(answer: A) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().route("/", post(move || async move { answer }));
    tokio::spawn(async { axum::serve(listener, router).await });
    url
}

fn is_lost(result: &Result<Vec<u8>, TransportError>) -> bool {
    matches!(result, Err(TransportError::Lost(_)))
}

#[tokio::test]
async fn a_request_is_signed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let headers = |headers: HeaderMap, body: String| async move {
        let of = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
        format!("{} {} {body}", of("x-countersign-timestamp"), of("x-countersign-signature"))
    };
    let router = Router::new().route("/", post(headers));
    tokio::spawn(async { axum::serve(listener, router).await });
    let said = String::from_utf8(http(&url).call(b"{}".to_vec(), WITHIN).await.unwrap()).unwrap();
    // printf 'v1:1795176000:{}' | openssl dgst -sha256 -hmac 0123456789abcdef
    assert_eq!(said, "1795176000 v1=63d0200af27d74f9a06e505e2c9513d302ee5b71602e3b551f175df44fae237a {}");
}

#[tokio::test]
async fn nobody_there_is_certain() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let refused = http(&url).call(b"{}".to_vec(), WITHIN).await;
    assert!(matches!(refused, Err(TransportError::NotSent(_))), "{refused:?}");
}

#[tokio::test]
async fn a_connection_that_closes_is_not() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let _ = connection.read(&mut [0; 16]).await;
    });
    let lost = http(&url).call(b"{}".to_vec(), WITHIN).await;
    assert!(is_lost(&lost), "{lost:?}");
}

#[tokio::test]
async fn a_silence_is_not() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let holding = tokio::spawn(async move {
        let connection = listener.accept().await.unwrap();
        std::future::pending::<()>().await;
        drop(connection);
    });
    let lost = http(&url).call(b"{}".to_vec(), Duration::from_millis(50)).await;
    holding.abort();
    assert!(is_lost(&lost), "{lost:?}");
}

#[tokio::test]
async fn no_other_status_is_and_no_redirect_is_followed() {
    let good = serving("the answer").await;
    assert_eq!(http(&good).call(b"{}".to_vec(), WITHIN).await.unwrap(), b"the answer");
    for status in [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::UNAUTHORIZED, StatusCode::NO_CONTENT] {
        let lost = http(&serving(status).await).call(b"{}".to_vec(), WITHIN).await;
        assert!(is_lost(&lost), "{status}: {lost:?}");
    }
    let lost = http(&serving(Redirect::temporary(&good)).await).call(b"{}".to_vec(), WITHIN).await;
    assert!(is_lost(&lost), "{lost:?}");
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let lost = http(&serving(vec![b' '; 1024 * 1024 + 1]).await).call(b"{}".to_vec(), WITHIN).await;
    assert!(is_lost(&lost), "{lost:?}");
    let most = http(&serving(vec![b' '; 1024 * 1024]).await).call(b"{}".to_vec(), WITHIN).await;
    assert_eq!(most.unwrap().len(), 1024 * 1024);
}

#[test]
fn an_address_is_safe_on_its_way() {
    for good in
        ["https://example.com/runbooks", "http://127.0.0.1:8080/", "http://localhost/", "http://[::1]:1/"]
    {
        assert!(Http::address(good).is_ok(), "{good}");
    }
    let bad = ["http://example.com/", "http://127.0.0.1.example.com/", "ftp://127.0.0.1/", "example.com", ""];
    for bad in bad.into_iter().chain(["https://ana:secret@example.com/", "http://localhost.example.com/"]) {
        assert!(Http::address(bad).is_err(), "{bad}");
    }
}
