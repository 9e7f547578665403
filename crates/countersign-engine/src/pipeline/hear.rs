//! A sentence: routed, permitted, begun.

use std::sync::Arc;

use countersign_core::audit::Head;
use countersign_core::command::catalog::Command;
use countersign_core::envelope::{Act, Address, Envelope, Origin, Utterance};
use countersign_core::ids::{MessageId, OperationId};
use countersign_core::operation::{Event, GRACE, Named, Operation, Request, Wish};
use countersign_core::plan::Fingerprint;
use countersign_core::policy::{Ask, Manner, Permit, Person, Place, Refusal};
use countersign_core::reply::{self, Reply};
use countersign_core::router::Routing;
use countersign_core::router::tokens::tidy;
use jiff::{SignedDuration, Timestamp};

use super::secrets::{shown, stands_elsewhere};
use super::tasks::Message;
use super::{Attempt, Engine, Failure};
use crate::ports::{Begun, ChatError, Freshness, Post, Search, Whisper};
use crate::rules::{Rules, refusal_of};

/// How long before its delivery a slash command can have been typed at most: the clocks may differ, too.
const TYPED_BEFORE: SignedDuration = SignedDuration::from_mins(5);

/// What a sentence turned out to be.
enum Heard {
    /// Something to say, and nothing to do.
    Answer(Reply),
    /// A permitted command.
    Operation(Box<Permit>),
    /// A person wants something of an operation that is there.
    Wish(Named),
    /// Not meant for us.
    Nothing,
}

/// What an operation begins with.
pub(super) struct Beginning {
    pub(super) permit: Permit,
    pub(super) sentence: String,
    pub(super) origin: Origin,
    /// The reason of an emergency.
    pub(super) emergency: Option<String>,
}

impl Engine {
    /// Someone said something: answers it, begins an operation, or keeps silent.
    pub(super) async fn hear(
        self: &Arc<Self>,
        (key, attempt): (&str, Attempt),
        envelope: &Envelope,
        said: &Utterance,
    ) -> Result<(), Failure> {
        if !self.listens_to(envelope) {
            return Ok(());
        }
        let sentence = sentence_of(said);
        let rules = self.rules_as_of(Freshness::Recent).await?;
        let person = self.ports.directory.person(&envelope.person, Freshness::Recent).await?;
        let place = self.ports.directory.place(&envelope.channel, Freshness::Recent).await?;
        match understand(&rules, &sentence, (&person, &place, said, self.now())) {
            Heard::Nothing => Ok(()),
            Heard::Wish(named) => self.hear_wish(envelope, said, &named).await,
            Heard::Answer(reply) => self.answer(envelope, said, &reply).await,
            Heard::Operation(permit) => {
                self.clock_agrees()?;
                let Some((command, _)) = rules.command(permit.command()) else { return Ok(()) };
                if let Some(refusal) = stands_elsewhere(command, &permit, &sentence) {
                    return self.answer(envelope, said, &reply::refusal(&refusal, &rules.bot)).await;
                }
                let shown = shown(command, permit.args(), &sentence);
                let origin = match self.origin((key, attempt), envelope, (said, &shown)).await {
                    // A slash command can be typed anywhere, and answered there, but nothing can stand there.
                    Err(Failure::Chat(ChatError::NotAMember(_))) => {
                        return self.answer(envelope, said, &reply::invite_me(&rules.bot)).await;
                    }
                    origin => origin?,
                };
                let beginning = Beginning { permit: *permit, sentence, origin, emergency: None };
                self.begin(key, beginning, [Message::Card]).await?;
                Ok(())
            }
        }
    }

    /// Is it for us at all? Not what people say to each other where we do not listen.
    pub(crate) fn listens_to(&self, envelope: &Envelope) -> bool {
        match &envelope.act {
            Act::Said(Utterance { address: Address::Overheard, .. }) => {
                self.rules().policy.listens.contains(&envelope.channel)
            }
            _ => true,
        }
    }

    /// Tells whoever asked that something on our side is broken.
    pub(crate) async fn apologise(&self, envelope: &Envelope, failure: &Failure) {
        let reference = self.log("an envelope could not be handled", failure);
        let Act::Said(said) = &envelope.act else { return };
        if said.address == Address::Overheard {
            return;
        }
        if let Err(cause) = self.answer(envelope, said, &reply::failure(&reference)).await {
            self.log("the apology could not be posted either", &cause);
        }
    }

    /// Begins an operation under a natural key, and carries it on. `messages` are those that nobody can have posted
    /// yet. `None`: the command is gone.
    pub(super) async fn begin(
        self: &Arc<Self>,
        key: &str,
        beginning: Beginning,
        messages: impl IntoIterator<Item = Message>,
    ) -> Result<Option<OperationId>, Failure> {
        let Beginning { permit, sentence, origin, emergency } = beginning;
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
        let id = OperationId::from_parts(millis, self.ports.ids.random());
        let rules = self.rules();
        let Some((command, _)) = rules.command(permit.command()) else { return Ok(None) };
        let request = Request {
            id: id.clone(),
            command: permit.command().clone(),
            sentence,
            args: permit.args().clone(),
            caller: permit.caller().clone(),
            origin,
            risk: command.spec().risk,
            quorum: permit.quorum().clone(),
            lock: permit.lock().cloned(),
            frozen: permit.frozen().to_vec(),
            emergency,
        };
        self.keep_secrets(command, &request);
        let first = self.records(Head::start(), &id, vec![Event::Requested(Box::new(request))]);
        let operation = Operation::fold(&first)?;
        let Some(first) = first.first() else { return Ok(None) };
        let begun = self.ports.ledger.begin(key, first, self.now() + GRACE).await;
        if !matches!(begun, Ok(Begun::New)) {
            self.secrets.forget(&id);
        }
        let id = match begun? {
            Begun::New => {
                self.written.learn(operation);
                self.tasks.begun(&id, messages);
                id
            }
            // Whoever began it has it in hand, or is dead: then the ledger says so in a moment.
            Begun::Already(earlier) if !self.ports.ledger.is_exclusive() => return Ok(Some(earlier)),
            Begun::Already(earlier) => earlier,
        };
        self.advance(&id);
        Ok(Some(id))
    }

    /// The message that the operation hangs off. A slash command leaves none, so the bot posts it.
    async fn origin(
        &self,
        (key, attempt): (&str, Attempt),
        envelope: &Envelope,
        (said, sentence): (&Utterance, &str),
    ) -> Result<Origin, Failure> {
        let message = match &said.message {
            Some(message) => message.clone(),
            None => match self.posted_root(key, attempt, envelope).await? {
                Some(message) => message,
                None => self.post_root(key, envelope, (said, sentence)).await?,
            },
        };
        Ok(Origin { channel: envelope.channel.clone(), message: Some(message), thread: said.thread.clone() })
    }

    /// The root message that an earlier attempt posted, whose answer was lost.
    async fn posted_root(
        &self,
        key: &str,
        attempt: Attempt,
        envelope: &Envelope,
    ) -> Result<Option<MessageId>, ChatError> {
        if attempt == Attempt::First {
            return Ok(None);
        }
        let since = envelope.at - TYPED_BEFORE;
        let mark = root_mark(key);
        let search = Search { channel: &envelope.channel, thread: None, since, mark: &mark };
        self.ports.chat.find(search).await
    }

    async fn post_root(
        &self,
        key: &str,
        envelope: &Envelope,
        (said, sentence): (&Utterance, &str),
    ) -> Result<MessageId, ChatError> {
        let shown = match &said.address {
            Address::Slash { .. } => format!("/{sentence}"),
            _ => sentence.to_owned(),
        };
        let root = reply::slash_root(&envelope.person.user, &shown);
        let mark = root_mark(key);
        let post = Post { channel: &envelope.channel, thread: None, reply: &root, mark: Some(&mark) };
        self.ports.chat.post(post).await
    }

    pub(super) async fn answer(
        &self,
        envelope: &Envelope,
        said: &Utterance,
        reply: &Reply,
    ) -> Result<(), Failure> {
        if let Address::Slash { reply_to, .. } = &said.address {
            return Ok(self.ports.chat.answer(reply_to, reply).await?);
        }
        let thread = said.thread.as_ref().or(said.message.as_ref());
        if thread.is_none() {
            // There is no message of theirs under which it could stand.
            let (channel, user) = (&envelope.channel, &envelope.person.user);
            return Ok(self.ports.chat.whisper(Whisper { channel, thread, user, reply }).await?);
        }
        self.ports.chat.post(Post { channel: &envelope.channel, thread, reply, mark: None }).await?;
        Ok(())
    }
}

/// `/infra stop dev` and `@bot infra stop dev` are the same sentence.
///
/// Tidied as the router reads it, so that what stands on the card is what runs, on one line.
fn sentence_of(said: &Utterance) -> String {
    match &said.address {
        Address::Slash { command, .. } => {
            tidy(&format!("{} {}", command.trim_start_matches('/'), said.text)).into_owned()
        }
        _ => tidy(&said.text).into_owned(),
    }
}

/// The mark of the root message that is posted for the slash command stored under `key`. The key
/// itself stays with us: everybody can read a mark.
pub fn root_mark(key: &str) -> String {
    Fingerprint::of_bytes(key.as_bytes()).to_string()
}

/// Routing and policy: what the sentence means for this person in this channel.
fn understand(
    rules: &Rules,
    sentence: &str,
    (person, place, said, now): (&Person, &Place, &Utterance, Timestamp),
) -> Heard {
    let addressed = said.address != Address::Overheard;
    let visible = |command: &Command| rules.policy.may_see(command.spec(), person, place);
    if let Some(refusal) = rules.policy.closed(place) {
        return if addressed { Heard::Answer(reply::refusal(&refusal, &rules.bot)) } else { Heard::Nothing };
    }
    if addressed && let Some(named) = Wish::read(sentence) {
        return Heard::Wish(named);
    }
    if addressed && let Some(answer) = built_in(rules, sentence, (person, place)) {
        return Heard::Answer(answer);
    }
    let refusal = match rules.catalog.route_visible(sentence, &visible) {
        Routing::Route { command, args } => {
            let args = args.to_plain_json();
            let (spec, manner) = (command.spec(), Manner::Chat);
            match rules.policy.permit(&Ask { spec, args: &args, person, place, manner, now }) {
                Ok(permit) => return Heard::Operation(Box::new(permit)),
                Err(Refusal::NotHere) => unknown(rules, sentence, &visible),
                Err(refusal) => refusal,
            }
        }
        Routing::Unknown => unknown(rules, sentence, &visible),
        nearly => refusal_of(nearly),
    };
    if addressed { Heard::Answer(reply::refusal(&refusal, &rules.bot)) } else { Heard::Nothing }
}

fn unknown(rules: &Rules, sentence: &str, visible: &dyn Fn(&Command) -> bool) -> Refusal {
    let nearest = rules.catalog.nearest(sentence, visible);
    Refusal::Unknown { nearest: nearest.iter().map(|command| command.usage().to_owned()).collect() }
}

/// What the bot itself answers, before any command.
fn built_in(rules: &Rules, sentence: &str, (person, place): (&Person, &Place)) -> Option<Reply> {
    let first = sentence.split_whitespace().next().unwrap_or_default().to_lowercase();
    match first.trim_matches(|c: char| !c.is_alphanumeric()) {
        "hello" | "hi" | "hey" => Some(reply::greeting(&rules.bot)),
        "" | "help" => Some(reply::help(&rules.bot, &rules.help_for(person, place))),
        _ => None,
    }
}
