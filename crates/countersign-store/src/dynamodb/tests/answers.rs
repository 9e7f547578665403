//! Answers that are lost on the way: the request was carried out, and is sent again.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_engine::ports::{Appended, Begun, Inbox as _, Ledger as _, Stored};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// A way to the emulator on which the next answer can be lost.
struct Way {
    address: SocketAddr,
    loses: Arc<AtomicBool>,
}

impl Way {
    async fn to(endpoint: &str) -> Self {
        let emulator = endpoint.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let way = Self { address: listener.local_addr().unwrap(), loses: Arc::default() };
        let loses = Arc::clone(&way.loses);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let emulator = TcpStream::connect(&emulator).await.unwrap();
                tokio::spawn(carry(client, emulator, Arc::clone(&loses)));
            }
        });
        way
    }

    fn lose_the_next_answer(&self) {
        self.loses.store(true, Ordering::SeqCst);
    }
}

async fn carry(client: TcpStream, emulator: TcpStream, loses: Arc<AtomicBool>) {
    let (mut asks, mut hears) = client.into_split();
    let (mut answers, mut takes) = emulator.into_split();
    let there = tokio::spawn(async move { tokio::io::copy(&mut asks, &mut takes).await });
    let mut buffer = vec![0; 65_536];
    while let Ok(length @ 1..) = answers.read(&mut buffer).await {
        if loses.swap(false, Ordering::SeqCst) || hears.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
    there.abort();
}

#[tokio::test]
#[ignore = "needs an emulator of DynamoDB: cargo xtask aws"]
async fn what_is_sent_again_is_known_as_our_own() {
    let (store, requests) = fresh().await;
    let way = Way::to(&settings().endpoint.unwrap()).await;
    let endpoint = Some(format!("http://{}", way.address));
    let settings = Settings { table: store.table.name.clone(), endpoint, ..settings() };
    let store = DynamoStore::on(table(&settings, &requests).await, edges());
    requests.take();
    for (key, expected) in [("a", Stored::New), ("a", Stored::Seen)] {
        way.lose_the_next_answer();
        assert_eq!(store.store(&delivery(key)).await.unwrap(), expected);
    }
    way.lose_the_next_answer();
    assert_eq!(store.pass(&delivery("b")).await.unwrap(), Stored::New);
    assert_eq!(requests.take(), ["UpdateItem"; 6], "each was sent twice");

    // Transactions carry a token by which the repetition is known.
    store.begin("an earlier one", &first(9), at(1)).await.unwrap();
    let one = Record::after(Head::start(), id(1), at(9), first(1).event);
    requests.take();
    way.lose_the_next_answer();
    assert_eq!(store.begin("key", &one, at(1)).await.unwrap(), Begun::New);
    way.lose_the_next_answer();
    assert_eq!(store.append(&[card(&one, "card")], NEXT).await.unwrap(), Appended::Done);
    assert_eq!(requests.take(), ["TransactWriteItems"; 4], "each was sent twice");
}
