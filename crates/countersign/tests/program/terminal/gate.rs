//! The way to Slack, which can be closed and opened again.

use std::net::Ipv4Addr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A gate before the emulator's API.
pub struct Gate {
    /// The API's address, through the gate.
    pub api_url: String,
    open: watch::Sender<bool>,
}

impl Gate {
    /// An open gate before the emulator on `port`.
    pub async fn before(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let api_url = format!("http://{}/api/", listener.local_addr().unwrap());
        let (open, is_open) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((from, _)) = listener.accept().await {
                tokio::spawn(pass(from, port, is_open.clone()));
            }
        });
        Self { api_url, open }
    }

    /// From now on nothing comes through, and nothing that had come through goes on.
    pub fn close(&self) {
        self.open.send_replace(false);
    }

    /// Everything comes through again.
    pub fn open(&self) {
        self.open.send_replace(true);
    }
}

async fn pass(mut from: TcpStream, port: u16, mut is_open: watch::Receiver<bool>) {
    if !*is_open.borrow() {
        return;
    }
    let Ok(mut to) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else { return };
    tokio::select! {
        _ = copy_bidirectional(&mut from, &mut to) => {}
        _ = is_open.wait_for(|open| !open) => {}
    }
}
