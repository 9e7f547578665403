//! Distinct events, signed as Slack signs them.

use std::fmt::Write as _;

use anyhow::Result;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde_json::json;
use sha2::Sha256;

/// A message that is no command, as most are: number `n` of its channel.
pub(crate) fn event(n: usize) -> serde_json::Value {
    let ts = format!("{}.{:06}", 1_795_000_000 + n / 1_000_000, n % 1_000_000);
    json!({
        "token": "x", "team_id": "T1", "api_app_id": "A1", "type": "event_callback",
        "event_id": format!("Ev{n:010}"), "event_time": 1_795_000_000,
        "authorizations": [{"enterprise_id": null, "team_id": "T1", "user_id": "UBOT", "is_bot": true,
            "is_enterprise_install": false}],
        "is_ext_shared_channel": false, "event_context": "4-eyJ",
        "event": {
            "type": "message", "user": format!("U{}", n % 500), "text": "lunch at one?", "ts": ts, "team": "T1",
            "channel": format!("C{}", n % 50), "event_ts": ts, "channel_type": "channel",
            "client_msg_id": format!("00000000-0000-0000-0000-{n:012}"),
            "blocks": [{"type": "rich_text", "block_id": "b", "elements": [{"type": "rich_text_section",
                "elements": [{"type": "text", "text": "lunch at one?"}]}]}],
        },
    })
}

/// Whole HTTP requests, signed now: they are good for five minutes.
pub(crate) fn signed(count: usize, secret: &str) -> Result<Vec<Vec<u8>>> {
    let now = Timestamp::now().as_second();
    (0..count).map(|n| request(&event(n).to_string(), now, secret)).collect()
}

fn request(body: &str, now: i64, secret: &str) -> Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?;
    mac.update(format!("v0:{now}:{body}").as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    let mut text = String::new();
    write!(
        text,
        "POST /slack/events HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\
         user-agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\nx-slack-request-timestamp: {now}\r\n\
         x-slack-signature: v0={signature}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    Ok(text.into_bytes())
}
