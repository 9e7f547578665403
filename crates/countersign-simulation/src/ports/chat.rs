//! The bot's voice in the simulated chat.

use async_trait::async_trait;
use countersign_core::ids::{ChannelId, MessageId, UserId};
use countersign_core::plan::Fingerprint;
use countersign_core::reply::{Reply, actions};
use countersign_engine::ports::{Chat, ChatError, Dialog, Marker, Post, Reaction, Search, Whisper};
use jiff::Timestamp;

use crate::gate::{Fate, OnPurpose, Port, happens};
use crate::office::ACCOUNTS;
use crate::people::{Intent, Wish};
use crate::slack::{Shown, quoted};
use crate::world::{Happening, World};

/// A chat that fails, is slow, loses answers and refuses.
#[derive(Debug)]
pub struct Voice(pub Port);

impl Voice {
    /// One call: `effect` happens, or does not, and the answer comes, or does not.
    async fn call<T>(
        &self,
        effect: impl FnOnce(&mut World, usize) -> Result<T, ChatError>,
    ) -> Result<T, ChatError> {
        let fate = self.0.enter().await;
        let done = {
            let mut world = self.0.shared.lock();
            if world.strikes(|faults| faults.refuse) {
                world.history.faults += 1;
                world.history.refusals += 1;
                return Err(match world.random.in_thousand(300) {
                    true => ChatError::NotAMember(Box::new(OnPurpose)),
                    false => ChatError::Refused(Box::new(OnPurpose)),
                });
            }
            if fate == Fate::Fails {
                return Err(match world.random.in_thousand(500) {
                    true => ChatError::Unavailable(Box::new(OnPurpose)),
                    false => ChatError::Lost(Box::new(OnPurpose)),
                });
            }
            effect(&mut world, self.0.life)?
        };
        self.0.leave().await;
        if fate == Fate::IsLost { Err(ChatError::Lost(Box::new(OnPurpose))) } else { Ok(done) }
    }
}

#[async_trait]
impl Chat for Voice {
    async fn post(&self, post: Post<'_>) -> Result<MessageId, ChatError> {
        note_apology(&self.0, post.thread, post.reply);
        self.call(|world, life| Ok(posted(world, life, &post))).await
    }

    fn time_of(&self, message: &MessageId) -> Option<Timestamp> {
        self.0.shared.lock().slack.message(message).map(|message| message.at)
    }

    async fn edit(&self, _channel: &ChannelId, message: &MessageId, reply: &Reply) -> Result<(), ChatError> {
        self.call(|world, life| {
            let shown = Shown::of(reply, (world.tick + 1, world.now));
            let tick = happens(world, life, || format!("edited {message}: {}", words(&shown)));
            match world.slack.message_mut(message).filter(|message| message.stands()) {
                Some(message) => message.shown.push(Shown { tick, ..shown }),
                None => return Err(ChatError::Refused(Box::new(OnPurpose))),
            }
            Ok(())
        })
        .await
    }

    async fn find(&self, search: Search<'_>) -> Result<Option<MessageId>, ChatError> {
        self.call(|world, _| {
            let found = world.slack.messages.iter().find(|message| {
                message.stands()
                    && message.mark.as_deref() == Some(search.mark)
                    && message.thread.as_ref() == search.thread
                    && message.at >= search.since
            });
            Ok(found.map(|message| message.id.clone()))
        })
        .await
    }

    async fn mark(&self, _channel: &ChannelId, message: &MessageId, marker: Marker) -> Result<(), ChatError> {
        self.call(|world, life| {
            happens(world, life, || format!("marked {message} {marker:?}"));
            Ok(())
        })
        .await
    }

    async fn reactions(&self, _channel: &ChannelId, message: &MessageId) -> Result<Vec<Reaction>, ChatError> {
        self.call(|world, life| {
            happens(world, life, || format!("looked at the reactions on {message}"));
            let mut found: Vec<Reaction> = Vec::new();
            let Some(message) = world.slack.message(message).filter(|message| message.stands()) else {
                return Ok(found);
            };
            for reaction in message.reactions.iter().filter(|reaction| reaction.taken.is_none()) {
                let Some(account) = ACCOUNTS.get(reaction.person) else { continue };
                let user = UserId::new(account.user);
                match found.iter_mut().find(|one| one.emoji == reaction.emoji) {
                    Some(one) => one.users.push(user),
                    None => found.push(Reaction { emoji: reaction.emoji.to_owned(), users: vec![user] }),
                }
            }
            Ok(found)
        })
        .await
    }

    async fn whisper(&self, whisper: Whisper<'_>) -> Result<(), ChatError> {
        self.call(|world, life| {
            happens(world, life, || format!("whispered to {}: {}", whisper.user, whisper.reply.summary));
            Ok(())
        })
        .await
    }

    async fn answer(&self, reply_to: &str, reply: &Reply) -> Result<(), ChatError> {
        let ask = reply_to.parse::<usize>().unwrap_or(usize::MAX);
        if let Some(ask) = self.0.shared.lock().history.asks.get_mut(ask) {
            // Whatever is said to a slash command instead of beginning it.
            ask.apologies += 1;
        }
        self.call(|world, life| {
            let tick = happens(world, life, || format!("answered {reply_to}: {}", reply.summary));
            if let Some(ask) = world.history.asks.get_mut(ask) {
                ask.answers.push(tick);
            }
            Ok(())
        })
        .await
    }

    async fn show_home(&self, _user: &UserId, _reply: &Reply) -> Result<(), ChatError> {
        self.call(|_, _| Ok(())).await
    }

    async fn ask(&self, trigger: &str, dialog: &Dialog) -> Result<(), ChatError> {
        let act = trigger.parse::<usize>().unwrap_or(usize::MAX);
        self.call(|world, life| {
            happens(world, life, || format!("opened a dialog: {}", dialog.title));
            let Some(act) = world.history.acts.get(act) else { return Ok(()) };
            let wish = match dialog.name == actions::CONFIRM {
                true => Wish::Type {
                    value: dialog.value.clone(),
                    name: dialog.expected.clone().unwrap_or_default(),
                },
                false => Wish::Explain { value: dialog.value.clone() },
            };
            let intent = Intent { person: act.person, ask: act.ask, wish, tries: 0 };
            let after = world.millis(500, 6_000);
            world.plan(after, Happening::Intent(intent));
            Ok(())
        })
        .await
    }
}

fn posted(world: &mut World, life: usize, post: &Post<'_>) -> MessageId {
    let shown = Shown::of(post.reply, (world.tick + 1, world.now));
    let under = post.thread.and_then(|root| world.slack.message(root)).and_then(|root| root.ask);
    let about = quoted(post.reply).or(under);
    let tick = happens(world, life, || format!("posted: {} ({})", post.reply.summary, words(&shown)));
    let now = world.now;
    let message = world.slack.post(now, post.thread, post.mark);
    message.ask = about;
    message.shown.push(Shown { tick, ..shown });
    let (id, is_answer) = (message.id.clone(), post.mark.is_none());
    if let Some(ask) = about.and_then(|about| world.history.asks.get_mut(about)) {
        if post.thread.is_none() && post.mark.is_some() {
            ask.root.get_or_insert(id.clone());
        }
        if is_answer {
            ask.answers.push(tick);
        }
    }
    id
}

/// The bot tries to say that something on its side is broken: from now on the sentence is answered.
fn note_apology(port: &Port, thread: Option<&MessageId>, reply: &Reply) {
    if !reply.summary.starts_with("That did not work") {
        return;
    }
    let mut world = port.shared.lock();
    happens(&mut world, port.life, || "apologises".to_owned());
    let asks = &mut world.history.asks;
    if let Some(ask) = asks.iter_mut().find(|ask| ask.root.as_ref() == thread) {
        ask.apologies += 1;
    }
}

fn words(shown: &Shown) -> String {
    let signs = shown.signs.as_ref().map(Fingerprint::short).unwrap_or_default();
    format!("{} {signs}", shown.heading)
}
