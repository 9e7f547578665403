//! On a socket.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;
use crate::http::{router, serve};

struct Server {
    bench: Bench,
    address: std::net::SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(bench: Bench) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let routes = router(Arc::clone(&bench.receiver));
        let task = tokio::spawn(serve(listener, routes, async { drop(stopped.await) }));
        Self { bench, address, stop: Some(stop), task }
    }

    async fn request(&self, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("{head}\r\nhost: x\r\nconnection: close\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    async fn line(&self, head: &str, body: &str) -> String {
        first_line(self.request(head, body).await).await
    }

    fn event(&self, path: &str, number: usize) -> (String, String) {
        let body = event(number).to_string();
        let seconds = self.bench.clock.now().as_second().to_string();
        let signature = sign(SECRET, &seconds, body.as_bytes());
        let head = format!(
            "POST {path} HTTP/1.1\r\ncontent-type: {JSON}\r\ncontent-length: {}\r\n\
             x-slack-request-timestamp: {seconds}\r\nx-slack-signature: {signature}",
            body.len()
        );
        (head, body)
    }
}

async fn first_line(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn each_path_takes_posts_and_no_other_path_does() {
    let server = Server::start(Bench::new()).await;
    for (number, path) in crate::http::PATHS.iter().enumerate() {
        let (head, body) = server.event(path, number);
        assert_eq!(server.line(&head, &body).await, "HTTP/1.1 200 OK", "{path}");
        let got = server.line(&format!("GET {path} HTTP/1.1"), "").await;
        assert_eq!(got, "HTTP/1.1 405 Method Not Allowed");
    }
    let (head, body) = server.event("/slack/nothing", 9);
    assert_eq!(server.line(&head, &body).await, "HTTP/1.1 404 Not Found");
    assert_eq!(server.bench.stored().len(), crate::http::PATHS.len());
}

#[tokio::test]
async fn what_is_in_hand_is_answered_before_it_ends() {
    let sink = TestSink { stored: Mutex::default(), leave: Semaphore::new(0), fails: false };
    let mut server = Server::start(Bench::with(sink)).await;
    let (head, body) = server.event("/slack", 1);
    let waiting = server.request(&head, &body).await;
    while server.bench.receiver.counts().in_hand == 0 {
        tokio::task::yield_now().await;
    }
    drop(server.stop.take());
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!server.task.is_finished());
    server.bench.sink.leave.add_permits(1);
    assert_eq!(first_line(waiting).await, "HTTP/1.1 200 OK");
    server.task.await.unwrap();
}

#[tokio::test]
async fn rubbish_ends_its_connection_alone() {
    let server = Server::start(Bench::new()).await;
    for rubbish in [
        "\0\u{7f}rubbish\r\n\r\n",
        "POST /slack HTTP/9.9\r\n\r\n",
        "POST /slack HTTP/1.1\r\ncontent-length: nine",
    ] {
        let line = server.line(rubbish, "").await;
        assert!(!line.contains("200"), "{line}");
    }
    let line = server.line(&format!("POST /slack HTTP/1.1\r\nx: {}", "x".repeat(64 * 1024)), "").await;
    assert!(line.contains("431"), "{line}");
    let (head, body) = server.event("/slack", 1);
    assert_eq!(server.line(&head, &body).await, "HTTP/1.1 200 OK");
}
