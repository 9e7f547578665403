//! Killed at each of the bot's calls of the Slack API, before and after Slack did what the call asks for.
//!
//! The emulator lets calls through until the wanted one, and never answers that one: there the process is killed.

use std::time::Instant;

use serde_json::json;

use super::product::Product;
use super::request::Request;
use crate::program::{Dev, PATIENCE};
use crate::workspace::{BACKOFFICE, Thread};

/// How the call that is never answered ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Call {
    /// Slack did nothing.
    NotDone,
    /// Slack did it, and the bot never hears of it.
    Done,
}

/// Lets `calls` calls through; the next one hangs.
async fn hang_after(dev: &Dev, calls: u32, ends: Call) {
    let through = json!({"method": "*", "times": calls});
    let hang = json!({"method": "*", "times": 1, "hang": true, "after_work": ends == Call::Done});
    dev.workspace.control("faults", json!({"clear": true, "api": [through, hang]})).await;
}

/// Waits until the call hangs, or the thread of `request` is as wanted without that call.
async fn hangs(dev: &Dev, request: &Request, is: impl Fn(&Thread) -> bool) -> bool {
    let asked = Instant::now();
    loop {
        if is_hanging(dev).await {
            return true;
        }
        if let Some(ts) = request.found(dev).await
            && is(&dev.workspace.thread(BACKOFFICE, &ts).await)
        {
            // The call that made it so may be the one that hangs.
            return is_hanging(dev).await;
        }
        assert!(asked.elapsed() < PATIENCE, "neither hangs nor ends: {}", dev.complaints());
    }
}

/// A fault that was used up is gone from the list.
async fn is_hanging(dev: &Dev) -> bool {
    dev.workspace.control("faults", json!({})).await["api"] == json!([])
}

/// Calls between a request and its card: at most so many are tried, the first of them ana's own.
const UP_TO_THE_CARD: u32 = 8;

async fn at_every_call_up_to_the_card(ends: Call) {
    let mut dev = Dev::new().await;
    let product = Product::counting(dev.folder.path()).await;
    let accounts = product.accounts(UP_TO_THE_CARD.into()).await;
    let mut hung = 0;
    for (calls, account) in (1..).zip(&accounts) {
        let request = Request::about(account);
        hang_after(&dev, calls, ends).await;
        let _sent = request.is_sent(&dev).await;
        let waits = |thread: &Thread| thread.says("Waiting for signatures") && thread.is_marked("eyes");
        hung += u32::from(hangs(&dev, &request, waits).await);
        dev.kill_and_start().await;
        request.is_done_once(&dev, &product).await;
    }
    assert!(
        (2..UP_TO_THE_CARD).contains(&hung),
        "it is killed at {hung} calls, and at least once after the last"
    );
}

#[tokio::test]
async fn before_every_call_up_to_the_card() {
    at_every_call_up_to_the_card(Call::NotDone).await;
}

#[tokio::test]
async fn after_every_call_up_to_the_card() {
    at_every_call_up_to_the_card(Call::Done).await;
}

/// Calls between the last signature and the outcome, the first of them ben's own.
const UP_TO_THE_OUTCOME: u32 = 18;

async fn at_every_call_up_to_the_outcome(ends: Call) {
    let mut dev = Dev::new().await;
    let product = Product::counting(dev.folder.path()).await;
    let accounts = product.accounts(UP_TO_THE_OUTCOME.into()).await;
    let mut hung = 0;
    for (calls, account) in (1..).zip(&accounts) {
        let request = Request::about(account);
        let ts = request.is_signed_by_ana(&dev).await;
        dev.workspace.help().await;
        hang_after(&dev, calls, ends).await;
        let _sent = request.is_signed_by_ben(&dev, &ts).await;
        hung += u32::from(hangs(&dev, &request, Thread::is_done).await);
        dev.kill_and_start().await;
        // ben's signature was answered or not; where it was taken, it counts without him.
        request.is_done_once(&dev, &product).await;
    }
    assert!(
        (4..UP_TO_THE_OUTCOME).contains(&hung),
        "it is killed at {hung} calls, and at least once after the last"
    );
}

#[tokio::test]
async fn before_every_call_up_to_the_outcome() {
    at_every_call_up_to_the_outcome(Call::NotDone).await;
}

#[tokio::test]
async fn after_every_call_up_to_the_outcome() {
    at_every_call_up_to_the_outcome(Call::Done).await;
}
