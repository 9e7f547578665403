//! Who may change something through the page: the page itself, and what a browser may do with it.
//!
//! A site somewhere else can make a browser send a form to 127.0.0.1. So a change must come from a document of the
//! same origin. (That the `Host` is this computer is checked for all routes in [`crate::guard`].)

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html as HtmlBody, IntoResponse, Response};

use super::draw::problem;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Tells the browser to run and load nothing but our own files, and to show them nowhere else.
pub(super) async fn strict(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Without any referrer a form would say that its origin is unknown.
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Lets a change through only when the browser says that it comes from this page.
pub(super) async fn same_origin(request: Request, next: Next) -> Response {
    if comes_from_here(request.headers()) {
        next.run(request).await
    } else {
        refuse("A change must come from this page itself.")
    }
}

/// The browser's own words decide: `Sec-Fetch-Site` must not contradict, and `Origin` must be this host.
fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let site = headers.get("sec-fetch-site").map(|value| value.as_bytes() == b"same-origin");
    let origin = text(header::ORIGIN).and_then(|origin| origin.strip_prefix("http://"));
    site != Some(false) && origin.is_some() && origin == host(headers)
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

fn refuse(sentence: &str) -> Response {
    (StatusCode::FORBIDDEN, HtmlBody(problem::page("Not allowed", sentence).into_string())).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_change_needs_our_origin() {
        let host = ("host", "127.0.0.1:7878");
        let ours = ("origin", "http://127.0.0.1:7878");
        assert!(comes_from_here(&headers(&[host, ours])));
        assert!(comes_from_here(&headers(&[host, ours, ("sec-fetch-site", "same-origin")])));
        assert!(!comes_from_here(&headers(&[host])));
        assert!(!comes_from_here(&headers(&[host, ours, ("sec-fetch-site", "same-site")])));
        assert!(!comes_from_here(&headers(&[host, ("origin", "http://127.0.0.1:9999")])));
        assert!(!comes_from_here(&headers(&[host, ("origin", "null")])));
        assert!(!comes_from_here(&headers(&[host, ("origin", "https://evil.example")])));
        assert!(!comes_from_here(&headers(&[ours])));
    }
}
