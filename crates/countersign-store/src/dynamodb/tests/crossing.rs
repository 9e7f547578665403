//! What no emulator shows: transactions that are cancelled because another one crosses them, or because there is
//! too much to write.

use countersign_engine::ports::{Appended, Ledger as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::dynamodb::change::Change;
use crate::dynamodb::table::Key;

/// A table that cancels transactions with these codes, one after the other, and then takes them.
async fn cancels(codes: &'static [&'static str]) -> (Table, Recorder) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = Some(format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move {
        let mut codes = codes.iter();
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            whole_request(&mut socket).await;
            let (status, body) = match codes.next() {
                Some(code) => ("400 Bad Request", cancelled(code)),
                None => ("200 OK", "{}".to_owned()),
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: application/x-amz-json-1.0\r\n\
                 content-length: {}\r\n\r\n{body}",
                body.len()
            );
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let recorder = Recorder::default();
    let region = Some("eu-central-1".to_owned());
    let settings = Settings { table: "countersign".to_owned(), region, endpoint };
    (table(&settings, &recorder).await, recorder)
}

async fn whole_request(socket: &mut tokio::net::TcpStream) {
    let mut text = String::new();
    let mut buffer = vec![0; 65_536];
    loop {
        let read = socket.read(&mut buffer).await.unwrap();
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if read == 0 || length.is_some_and(|length| body.len() >= length.parse().unwrap()) {
            return;
        }
    }
}

fn cancelled(code: &str) -> String {
    serde_json::json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled",
        "CancellationReasons": [{"Code": code}, {"Code": "None"}],
    })
    .to_string()
}

#[tokio::test]
async fn what_others_cross_is_tried_again() {
    let (table, requests) = cancels(&["TransactionConflict", "ThrottlingError", "TransactionConflict"]).await;
    let store = DynamoStore::on(table, edges());
    store.channels.learn(id(1), ChannelId::new("C1"));
    let appended = store.append(&[card(&first(1), "card")], NEXT).await.unwrap();
    assert_eq!(appended, Appended::Done);
    assert_eq!(requests.take(), ["TransactWriteItems"; 4]);
}

#[tokio::test]
async fn what_is_wrong_is_not_tried_again() {
    let (table, requests) = cancels(&["ValidationError"]).await;
    let change = Change::of(Key::operation(&id(1))).set("seq", 1_u64);
    assert!(table.commit(&[change]).await.is_err());
    assert_eq!(requests.take(), ["TransactWriteItems"]);
}

#[tokio::test]
async fn a_transaction_has_a_hundred_items_at_most() {
    let (table, requests) = cancels(&[]).await;
    let change = Change::of(Key::operation(&id(1))).set("seq", 1_u64);
    assert!(table.commit(&vec![change; 101]).await.is_err());
    assert_eq!(requests.take(), [""; 0]);
}
