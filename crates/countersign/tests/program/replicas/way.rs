//! A way to the table that can be cut: whatever is on it then stays where it is.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A way to the table.
pub struct Way {
    address: SocketAddr,
    open: watch::Sender<bool>,
}

impl Way {
    pub async fn to(endpoint: &str) -> Self {
        let emulator = endpoint.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let way = Self { address: listener.local_addr().unwrap(), open: watch::Sender::new(true) };
        let open = way.open.subscribe();
        tokio::spawn(async move {
            while let Ok((program, _)) = listener.accept().await {
                let table = TcpStream::connect(&emulator).await.unwrap();
                let (from, to) = program.into_split();
                let (back, there) = table.into_split();
                tokio::spawn(carry(from, there, open.clone()));
                tokio::spawn(carry(back, to, open.clone()));
            }
        });
        way
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Nothing gets through any more, and nobody is told.
    pub fn cut(&self) {
        self.open.send_replace(false);
    }

    pub fn mend(&self) {
        self.open.send_replace(true);
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut open: watch::Receiver<bool>) {
    let mut buffer = vec![0; 65_536];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if open.wait_for(|open| *open).await.is_err() || to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
