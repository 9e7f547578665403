use countersign_core::ids::{OrgId, UserId};
use countersign_engine::ports::Delivery;
use countersign_slack::Me;
use countersign_slack::inbound::{immediate, natural_key, read};
use countersign_slack::socket_mode::frame::{self, Frame};
use jiff::Timestamp;

/// A text frame of Socket Mode, whatever it says: it is read, and a payload in it has one name, however it is
/// written, and becomes an envelope or a reason why not.
pub fn frame(text: &str) {
    let Frame::Payload(arrival) = frame::read(text) else { return };
    assert!(!arrival.id.is_empty());
    let key = natural_key(&arrival.kind, &arrival.payload);
    let written_again = serde_json::from_str(&format!("{:#}", arrival.payload)).unwrap();
    assert_eq!(natural_key(&arrival.kind, &written_again), key);
    let delivery = Delivery {
        key,
        kind: arrival.kind,
        payload: arrival.payload.to_string(),
        received_at: Timestamp::UNIX_EPOCH,
        retry: arrival.retry,
    };
    let me =
        Me { team: OrgId::new("T1"), enterprise: None, user: UserId::new("UBOT"), bot_id: "B1".to_owned() };
    let first = read(&delivery, &me);
    assert_eq!(read(&delivery, &me), first);
    let _ = immediate(&arrival.payload);
}
