use std::sync::Mutex as StdMutex;
use std::sync::atomic::{AtomicBool, Ordering};

use countersign_core::ids::{MessageId, UserId};

use super::*;
use crate::memory::FakeClock;
use crate::ports::{ChatError, Dialog, Marker, Reaction, Search, Whisper};

/// A chat in which one can post and do nothing else.
#[derive(Default)]
struct Board {
    posts: StdMutex<Vec<String>>,
    is_away: AtomicBool,
}

#[async_trait]
impl Chat for Board {
    async fn post(&self, post: Post<'_>) -> Result<MessageId, ChatError> {
        if self.is_away.load(Ordering::SeqCst) {
            return Err(ChatError::Unavailable("away".into()));
        }
        let mut posts = self.posts.lock().unwrap();
        posts.push(post.reply.summary.chars().take(18).collect());
        Ok(MessageId::new(posts.len().to_string()))
    }

    fn time_of(&self, _: &MessageId) -> Option<Timestamp> {
        None
    }

    async fn edit(&self, _: &ChannelId, _: &MessageId, _: &Reply) -> Result<(), ChatError> {
        unreachable!("a witness edits nothing")
    }

    async fn find(&self, _: Search<'_>) -> Result<Option<MessageId>, ChatError> {
        unreachable!("a witness looks for nothing")
    }

    async fn mark(&self, _: &ChannelId, _: &MessageId, _: Marker) -> Result<(), ChatError> {
        unreachable!("a witness marks nothing")
    }

    async fn reactions(&self, _: &ChannelId, _: &MessageId) -> Result<Vec<Reaction>, ChatError> {
        unreachable!("a witness reads nothing")
    }

    async fn whisper(&self, _: Whisper<'_>) -> Result<(), ChatError> {
        unreachable!("a witness whispers nothing")
    }

    async fn answer(&self, _: &str, _: &Reply) -> Result<(), ChatError> {
        unreachable!("a witness answers nothing")
    }

    async fn show_home(&self, _: &UserId, _: &Reply) -> Result<(), ChatError> {
        unreachable!("a witness has no home")
    }

    async fn ask(&self, _: &str, _: &Dialog) -> Result<(), ChatError> {
        unreachable!("a witness asks nothing")
    }
}

#[tokio::test]
async fn the_newest_is_posted_now_and_then_until_it_is_posted() {
    let board = Arc::new(Board::default());
    let clock = Arc::new(FakeClock::at(Timestamp::UNIX_EPOCH));
    let witness = ChannelWitness::new(board.clone(), clock.clone(), ChannelId::new("C1"));
    let posts = || board.posts.lock().unwrap().clone();
    let checkpoint = |number: u64| {
        let first = Checkpoint::after(None, Timestamp::UNIX_EPOCH, Vec::new());
        Checkpoint { number, ..first }
    };

    witness.note(&[]).await.unwrap();
    assert!(posts().is_empty(), "there is nothing to say");
    witness.note(&[checkpoint(1)]).await.unwrap();
    witness.note(&[checkpoint(2), checkpoint(3)]).await.unwrap();
    assert_eq!(posts().len(), 1, "one is enough for now");

    clock.advance(SignedDuration::from_mins(15));
    board.is_away.store(true, Ordering::SeqCst);
    assert!(witness.note(&[]).await.is_err());
    board.is_away.store(false, Ordering::SeqCst);
    witness.note(&[checkpoint(4)]).await.unwrap();
    witness.note(&[checkpoint(5)]).await.unwrap();
    witness.end().await.unwrap();
    witness.end().await.unwrap();
    assert_eq!(posts(), ["Audit checkpoint 1", "Audit checkpoint 4", "Audit checkpoint 5"]);
}
