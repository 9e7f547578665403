//! Killed between what people do, and while the work goes on.

use super::product::Product;
use super::request::Request;
use crate::program::Dev;
use crate::workspace::{BACKOFFICE, DEVELOPERS, Thread};

async fn world() -> (Dev, Product) {
    let dev = Dev::new().await;
    let product = Product::counting(dev.folder.path()).await;
    (dev, product)
}

#[tokio::test]
async fn right_after_the_request_was_sent() {
    let (mut dev, product) = world().await;
    let request = Request::about("acme");
    let _sent = request.is_sent(&dev).await;
    dev.kill_and_start().await;
    request.is_done_once(&dev, &product).await;
}

#[tokio::test]
async fn right_after_the_request_was_answered() {
    let (mut dev, product) = world().await;
    let request = Request::about("acme");
    let ts = request.ts(&dev).await;
    dev.kill_and_start().await;
    assert_eq!(request.has_its_card(&dev).await, ts, "what was answered is not lost");
    request.is_done_once(&dev, &product).await;
}

#[tokio::test]
async fn while_it_waits_for_signatures() {
    let (mut dev, product) = world().await;
    let request = Request::about("acme");
    request.has_its_card(&dev).await;
    dev.kill_and_start().await;
    request.is_done_once(&dev, &product).await;
}

#[tokio::test]
async fn right_after_the_first_signature() {
    let (mut dev, product) = world().await;
    let request = Request::about("acme");
    let ts = request.has_its_card(&dev).await;
    dev.workspace.help().await;
    dev.workspace.signs("ana", BACKOFFICE, &ts).await;
    dev.kill_and_start().await;
    // ana does nothing any more: hers counts.
    dev.workspace.signs("ben", BACKOFFICE, &ts).await;
    request.stays_done_once(&dev, &product, &ts).await;
}

#[tokio::test]
async fn right_after_the_first_signature_on_a_card_that_was_just_posted() {
    let (mut dev, product) = world().await;
    let request = Request::about("acme");
    let ts = request.has_its_card(&dev).await;
    dev.workspace.signs("ana", BACKOFFICE, &ts).await;
    dev.kill_and_start().await;
    dev.workspace.signs("ben", BACKOFFICE, &ts).await;
    request.stays_done_once(&dev, &product, &ts).await;
}

#[tokio::test]
async fn right_after_the_last_signature_was_sent() {
    let (mut dev, product) = world().await;
    let request = Request::about("acme");
    let ts = request.is_signed_by_ana(&dev).await;
    let _sent = request.is_signed_by_ben(&dev, &ts).await;
    dev.kill_and_start().await;
    request.is_done_once(&dev, &product).await;
}

#[tokio::test]
async fn right_after_the_last_signature_was_answered() {
    let (mut dev, product) = world().await;
    let request = Request::about("acme");
    let ts = request.is_signed_by_ana(&dev).await;
    dev.workspace.signs("ben", BACKOFFICE, &ts).await;
    dev.kill_and_start().await;
    // Nobody does anything any more: what was answered is not lost.
    request.stays_done_once(&dev, &product, &ts).await;
}

#[tokio::test]
async fn after_the_outcome() {
    let (mut dev, product) = world().await;
    let request = Request::about("acme");
    request.is_done_once(&dev, &product).await;
    let ts = request.ts(&dev).await;
    let before = dev.workspace.thread(BACKOFFICE, &ts).await;
    dev.kill_and_start().await;
    request.stays_done_once(&dev, &product, &ts).await;
    let after = dev.workspace.thread(BACKOFFICE, &ts).await;
    assert_eq!(after.answers, before.answers, "the card is as it was");
}

#[tokio::test]
async fn at_every_step_of_one_walk() {
    let (mut dev, product) = world().await;
    let request = Request::about("acme");
    let _sent = request.is_sent(&dev).await;
    dev.kill_and_start().await;
    request.has_its_card(&dev).await;
    dev.kill_and_start().await;
    let ts = request.is_signed_by_ana(&dev).await;
    dev.kill_and_start().await;
    let _sent = request.is_signed_by_ben(&dev, &ts).await;
    dev.kill_and_start().await;
    dev.kill_and_start().await;
    request.is_done_once(&dev, &product).await;
    assert_eq!(product.operations().await, 1);
}

#[tokio::test]
async fn between_the_parts_of_long_work() {
    let (mut dev, product) = world().await;
    let ts = dev.workspace.says("chloe", DEVELOPERS, "<@U0BOT> cycle workers of pool eu-west").await;
    dev.workspace.thread_that(DEVELOPERS, &ts, |thread| thread.says("Waiting for signatures")).await;
    dev.workspace.help().await;
    dev.workspace.signs("chloe", DEVELOPERS, &ts).await;
    dev.workspace.signs("dmitri", DEVELOPERS, &ts).await;
    for part in 1..=4 {
        let progress = format!("{part} of 4");
        let goes_on = |thread: &Thread| thread.says(&progress) || thread.is_done();
        dev.workspace.thread_that(DEVELOPERS, &ts, goes_on).await;
        dev.kill_and_start().await;
    }
    dev.workspace.thread_that(DEVELOPERS, &ts, Thread::is_done).await;
    dev.workspace.help().await;
    let thread = dev.workspace.thread(DEVELOPERS, &ts).await;
    assert!(thread.says("All 4 workers were replaced."), "{:#?}", thread.answers);
    assert_eq!(thread.answers.len(), 1, "one card, edited: {:#?}", thread.answers);
    for worker in 1..=4 {
        assert_eq!(product.changes(&format!("eu-west-{worker}")).await, 1, "each worker is replaced once");
    }
}
