//! The load: 64 connections, each with one request in flight.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::process::Receiver;

const CONNECTIONS: usize = 64;

/// What a load came to.
pub(crate) struct Load {
    pub(crate) count: usize,
    pub(crate) per_second: f64,
    /// In milliseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

/// Sends every request once; `pace`: no more than so many a second.
pub(crate) async fn fire(receiver: &Receiver, requests: &[Vec<u8>], pace: Option<f64>) -> Result<Load> {
    let requests: Arc<[Vec<u8>]> = requests.into();
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let mut senders = Vec::new();
    for _ in 0..CONNECTIONS {
        let stream = TcpStream::connect(("127.0.0.1", receiver.port)).await?;
        stream.set_nodelay(true)?;
        senders.push(tokio::spawn(send(stream, Arc::clone(&requests), (Arc::clone(&next), pace, began))));
    }
    let mut latencies = Vec::with_capacity(requests.len());
    for sender in senders {
        latencies.extend(sender.await??);
    }
    let seconds = began.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let at = |part: usize| {
        let index = (latencies.len() * part / 100).min(latencies.len().saturating_sub(1));
        latencies.get(index).map_or(0.0, |latency| latency.as_secs_f64() * 1_000.0)
    };
    Ok(Load {
        count: latencies.len(),
        per_second: latencies.len() as f64 / seconds,
        p50: at(50),
        p99: at(99),
    })
}

async fn send(
    mut stream: TcpStream,
    requests: Arc<[Vec<u8>]>,
    (next, pace, began): (Arc<AtomicUsize>, Option<f64>, Instant),
) -> Result<Vec<Duration>> {
    let mut latencies = Vec::new();
    let mut buffer = vec![0; 4_096];
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(request) = requests.get(number) else { return Ok(latencies) };
        if let Some(pace) = pace {
            let due = began + Duration::from_secs_f64(number as f64 / pace);
            tokio::time::sleep_until(due.into()).await;
        }
        let sent = Instant::now();
        stream.write_all(request).await?;
        read_answer(&mut stream, &mut buffer).await?;
        latencies.push(sent.elapsed());
    }
}

/// Reads one answer; all of them are short.
async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<()> {
    let mut filled = 0;
    loop {
        let read = stream.read(buffer.get_mut(filled..).context("an answer is too long")?).await?;
        if read == 0 {
            bail!("the receiver hung up");
        }
        filled += read;
        let seen = buffer.get(..filled).unwrap_or_default();
        let Some(head) = seen.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(seen.get(..head).unwrap_or_default())?.to_ascii_lowercase();
        if !text.starts_with("http/1.1 200") {
            bail!("an event was not taken: {text}");
        }
        let length = text.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let chunked = text.contains("transfer-encoding: chunked");
        let length: usize = length.map_or(Ok(0), str::parse)?;
        if (chunked && seen.ends_with(b"0\r\n\r\n")) || (!chunked && filled >= head + 4 + length) {
            return Ok(());
        }
    }
}
