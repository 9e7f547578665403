//! Only this machine may speak to the emulator: no other host through a rebound name, and no foreign web page.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Refuses requests for another host name (DNS rebinding) and browser requests from another site.
pub(crate) async fn only_this_machine(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = text(headers, HOST.as_str());
    if !is_loopback(host) {
        return refuse("This server answers for 127.0.0.1, localhost and [::1] alone.");
    }
    // A Socket Mode link is protected by its ticket, and some clients send Slack's own origin with it.
    if !request.uri().path().starts_with("/link") && is_foreign(headers, host, request.uri().path()) {
        return refuse("Another web page may not speak to this server.");
    }
    next.run(request).await
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    matches!(name, "127.0.0.1" | "localhost" | "::1")
}

fn is_foreign(headers: &HeaderMap, host: &str, path: &str) -> bool {
    let origin = text(headers, ORIGIN.as_str());
    if !origin.is_empty() && origin != format!("http://{host}") {
        return true;
    }
    let from_elsewhere = matches!(text(headers, "sec-fetch-site"), "cross-site" | "same-site");
    let opens_the_page = text(headers, "sec-fetch-mode") == "navigate"
        && !["/api/", "/emulator/", "/response/", "/upload/"].iter().any(|part| path.starts_with(part));
    from_elsewhere && !opens_the_page
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn refuse(why: &'static str) -> Response {
    (StatusCode::FORBIDDEN, why).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_are_taken() {
        for host in ["127.0.0.1:7878", "localhost", "[::1]:1"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "example.com", "127.0.0.1.example.com", "evil.localhost", "[::2]:1", "10.0.0.1"] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn another_page_is_foreign() {
        let with = |pairs: &[(&'static str, &'static str)]| {
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
        };
        let host = "127.0.0.1:7878";
        assert!(!is_foreign(&with(&[]), host, "/api/auth.test"));
        assert!(!is_foreign(&with(&[("origin", "http://127.0.0.1:7878")]), host, "/"));
        assert!(is_foreign(&with(&[("origin", "http://127.0.0.1:9")]), host, "/"));
        assert!(is_foreign(&with(&[("origin", "null")]), host, "/"));
        let image = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")];
        assert!(is_foreign(&with(&image), host, "/"));
        let link = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
        assert!(!is_foreign(&with(&link), host, "/"));
        assert!(is_foreign(&with(&link), host, "/api/chat.postMessage"));
    }
}
