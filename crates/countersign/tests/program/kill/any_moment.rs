//! Killed at moments that nobody chose, around the last signature.

use super::product::Product;
use super::request::Request;
use crate::program::Dev;
use crate::workspace::BACKOFFICE;

const ROUNDS: i64 = 15;
/// The moment is counted in further calls of ours, each some milliseconds; the work is done within some twenty.
const MOMENTS: u64 = 24;

/// Marsaglia's xorshift: the same moments in every run.
struct Moments(u64);

impl Moments {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % MOMENTS
    }
}

#[tokio::test]
async fn around_the_last_signature() {
    let mut dev = Dev::new().await;
    let product = Product::counting(dev.folder.path()).await;
    let mut moments = Moments(0x9E37_79B9_7F4A_7C15);
    for account in product.accounts(ROUNDS).await {
        let request = Request::about(&account);
        let ts = request.is_signed_by_ana(&dev).await;
        let _sent = request.is_signed_by_ben(&dev, &ts).await;
        for _ in 0..moments.next() {
            dev.workspace.thread(BACKOFFICE, &ts).await;
        }
        dev.kill_and_start().await;
        request.is_done_once(&dev, &product).await;
    }
    assert_eq!(product.operations().await, ROUNDS);
}
