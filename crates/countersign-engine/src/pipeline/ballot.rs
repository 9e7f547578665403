//! Reactions, buttons and dialogs: votes, and votes taken back.

use std::sync::Arc;

use countersign_core::approval::{Quorum, Tally, Verdict, Vote, VoteSource};
use countersign_core::command::spec::Risk;
use countersign_core::envelope::{Change, Envelope};
use countersign_core::ids::{MessageId, OperationId, PersonId};
use countersign_core::operation::{Cast, Event, Found, Operation, Phase, Stop};
use countersign_core::plan::Fingerprint;
use countersign_core::policy::{Ballot, Manner, Person, Place, Refusal, Standing};
use countersign_core::reply::{Reply, actions, not_yours_to_explain, vote_refused};
use countersign_core::secret::hides;

use jiff::{SignedDuration, Timestamp};

use super::{Engine, Failure};
use crate::ports::{Appended, Dialog, Freshness, Whisper};
use crate::rules::Rules;

/// How long it may take until the ledger knows a card that another process posted.
const UNTIL_KNOWN: SignedDuration = SignedDuration::from_secs(10);

/// How long a vote waits at most for a plan that is being made.
const MOMENT: SignedDuration = SignedDuration::from_millis(100);

/// A vote as a person expressed it, before it is known whether it counts.
pub(super) struct Expressed<'a> {
    /// The key under which it was stored when it came in; at a terminal it was not.
    pub(super) key: Option<&'a str>,
    /// Who it is by the directory's word: one person may arrive under the ids of several workspaces.
    pub(super) person: Person,
    /// When, by the chat product's clock (UTC).
    pub(super) at: Timestamp,
    pub(super) source: VoteSource,
    pub(super) verdict: Verdict,
    /// `None`: for the plan that stands, as a reaction says nothing more exact.
    pub(super) fingerprint: Option<Fingerprint>,
}

/// What became of a vote.
pub(super) enum Voted {
    /// It is written down, now or since before; or nothing waits for it any more.
    Heard,
    /// It does not count, and its person has to know.
    Refused(Box<Operation>, Refusal),
}

/// What a vote does.
enum Judged {
    /// It counts: these events say so.
    Counts(Vec<Event>),
    /// It does not, and the person is told why.
    Refused(Refusal),
    /// Nothing, and nobody needs to know.
    Nothing,
    /// That cannot be said before the card stands.
    Undated,
}

impl Engine {
    /// A reaction was put on a message, or taken back.
    pub(super) async fn count_reaction(
        self: &Arc<Self>,
        (key, envelope): (&str, &Envelope),
        message: &MessageId,
        (emoji, change): (&str, Change),
    ) -> Result<(), Failure> {
        let Some(verdict) = Verdict::of_reaction(emoji) else { return Ok(()) };
        let Some(operation) = self.operation_of(envelope, message).await? else { return Ok(()) };
        let person = self.voter(envelope).await?;
        let source = VoteSource::Reaction { message: message.clone(), emoji: emoji.to_owned() };
        match change {
            Change::Added => {
                let voted =
                    Expressed { key: Some(key), person, at: envelope.at, source, verdict, fingerprint: None };
                self.vote(&operation, voted).await
            }
            Change::Removed => self.withdraw((key, &operation), (&person.id, &source), envelope.at).await,
        }
    }

    /// A button on a card was pressed.
    pub(super) async fn press(
        self: &Arc<Self>,
        (key, envelope): (&str, &Envelope),
        message: &MessageId,
        (action, value, trigger): (&str, &str, Option<&str>),
    ) -> Result<(), Failure> {
        let verdict = match action {
            actions::SIGN => Verdict::Approve,
            actions::OBJECT => Verdict::Object,
            actions::CANCEL => return self.press_cancel(envelope, message).await,
            actions::WAS_DONE => {
                return self.press_resolve(envelope, message, (Found::Succeeded, trigger)).await;
            }
            actions::WAS_NOT_DONE => {
                return self.press_resolve(envelope, message, (Found::Failed, trigger)).await;
            }
            actions::EXPLAIN => return self.press_explain(envelope, message, trigger).await,
            _ => return Ok(()),
        };
        let found = self.operation_of(envelope, message).await?;
        let (Some(id), Ok(fingerprint)) = (found, Fingerprint::try_from(value.to_owned())) else {
            return Ok(());
        };
        let Some(operation) = self.known(&id).await? else { return Ok(()) };
        let person = self.voter(envelope).await?;
        if let (true, Some(trigger)) = (must_type(&operation, &person, verdict), trigger) {
            return self.ask_for_the_name(&operation, &person, (trigger, fingerprint)).await;
        }
        let source = VoteSource::Button;
        let fingerprint = Some(fingerprint);
        let voted = Expressed {
            key: Some(key),
            person: person.clone(),
            at: envelope.at,
            source,
            verdict,
            fingerprint,
        };
        self.vote(&id, voted).await?;
        match trigger.filter(|_| verdict == Verdict::Object) {
            Some(trigger) => self.ask_why(&id, &person, trigger).await,
            None => Ok(()),
        }
    }

    async fn press_explain(
        &self,
        envelope: &Envelope,
        message: &MessageId,
        trigger: Option<&str>,
    ) -> Result<(), Failure> {
        let (Some(id), Some(trigger)) = (self.operation_of(envelope, message).await?, trigger) else {
            return Ok(());
        };
        let Some(operation) = self.load(&id).await? else { return Ok(()) };
        let person = self.voter(envelope).await?;
        if !matches!(&operation.phase, Phase::Stopped(Stop::Objected { by }) if *by == person.id) {
            self.tell(&operation, &person, &not_yours_to_explain()).await;
            return Ok(());
        }
        self.ask_why(&id, &person, trigger).await
    }

    /// The caller of a destructive command has typed the target's name.
    pub(super) async fn count_typed_name(
        self: &Arc<Self>,
        (key, envelope): (&str, &Envelope),
        (dialog, value, input): (&str, &str, &str),
    ) -> Result<(), Failure> {
        let parts = value.split_once(' ').filter(|_| dialog == actions::CONFIRM);
        let Some((id, fingerprint)) = parts else { return Ok(()) };
        let (Ok(id), Ok(fingerprint)) =
            (id.parse::<OperationId>(), Fingerprint::try_from(fingerprint.to_owned()))
        else {
            return Ok(());
        };
        let Some(operation) = self.known(&id).await? else { return Ok(()) };
        let person = self.voter(envelope).await?;
        let expected = target_name(&operation);
        if input.trim() != expected {
            return self.refuse_vote(&operation, &person, &Refusal::WrongName { expected }).await;
        }
        let typed = Expressed {
            key: Some(key),
            person,
            at: envelope.at,
            source: VoteSource::Typed,
            verdict: Verdict::Approve,
            fingerprint: Some(fingerprint),
        };
        self.vote(&id, typed).await
    }

    /// The operation whose request or card a message is.
    pub(super) async fn operation_of(
        &self,
        envelope: &Envelope,
        message: &MessageId,
    ) -> Result<Option<OperationId>, Failure> {
        let found = self.ports.ledger.by_message(&envelope.channel, message).await?;
        // It may be a card that was just posted, here or by another process, and that the ledger will know in a moment.
        let elsewhere = !self.ports.ledger.is_exclusive() && self.now() < envelope.at + UNTIL_KNOWN;
        if found.is_none() && (self.tasks.is_advancing() || elsewhere) {
            return Err(Failure::NotShown);
        }
        Ok(found)
    }

    async fn vote(self: &Arc<Self>, id: &OperationId, expressed: Expressed<'_>) -> Result<(), Failure> {
        match self.cast(id, &expressed).await? {
            Voted::Heard => Ok(()),
            Voted::Refused(operation, refusal) => {
                self.refuse_vote(&operation, &expressed.person, &refusal).await
            }
        }
    }

    /// Writes a vote down, if it counts.
    pub(super) async fn cast(
        self: &Arc<Self>,
        id: &OperationId,
        expressed: &Expressed<'_>,
    ) -> Result<Voted, Failure> {
        // What is remembered may be old: it is good for one try, of which the ledger is the judge.
        if let Some(operation) = self.written.remembered(id)
            && let Judged::Counts(events) = self.judge(&operation, expressed).await?
            && self.append_vote(expressed, &operation, events).await? == Appended::Done
        {
            self.advance(id);
            return Ok(Voted::Heard);
        }
        let mut waited = false;
        loop {
            let Some(operation) = self.load(id).await? else { return Ok(Voted::Heard) };
            match self.judge(&operation, expressed).await? {
                Judged::Counts(events) => {
                    if self.append_vote(expressed, &operation, events).await? == Appended::Done {
                        self.advance(id);
                        return Ok(Voted::Heard);
                    }
                }
                Judged::Refused(refusal) => return Ok(Voted::Refused(Box::new(operation), refusal)),
                Judged::Nothing => return Ok(Voted::Heard),
                Judged::Undated if waited => return Err(Failure::NotShown),
                Judged::Undated => {
                    waited = true;
                    self.advance(id);
                    self.rested_soon(id).await?;
                }
            }
        }
    }

    /// Resolves once nobody advances the operation; what takes longer than a moment is come back to later,
    /// since others wait behind whoever waits here.
    async fn rested_soon(&self, id: &OperationId) -> Result<(), Failure> {
        let moment = self.ports.clock.sleep_until(self.now() + MOMENT);
        tokio::select! {
            biased;
            () = self.tasks.rested(id) => Ok(()),
            () = moment => Err(Failure::NotShown),
        }
    }

    async fn append_vote(
        &self,
        expressed: &Expressed<'_>,
        operation: &Operation,
        events: Vec<Event>,
    ) -> Result<Appended, Failure> {
        match expressed.key {
            Some(key) => self.append_for(key, operation, events).await,
            None => self.append(operation, events).await,
        }
    }

    /// What a vote does to an operation as it is.
    async fn judge(&self, operation: &Operation, expressed: &Expressed<'_>) -> Result<Judged, Failure> {
        if operation.is_over() {
            return Ok(Judged::Nothing);
        }
        if !can_be_dated(operation, expressed) {
            return Ok(Judged::Undated);
        }
        let manner = manner_of_vote(&expressed.source);
        let voucher = self.voucher_of(manner);
        let rules = voucher.rules(Freshness::Recent).await?;
        let place = voucher.place(&operation.request.origin.channel, Freshness::Recent).await?;
        if let Err(refusal) = may_vote(&rules, operation, (&expressed.person, &place), manner) {
            return Ok(Judged::Refused(refusal));
        }
        // At a terminal the name was typed before it came here.
        if !matches!(expressed.source, VoteSource::Typed | VoteSource::Terminal)
            && must_type(operation, &expressed.person, expressed.verdict)
        {
            return Ok(Judged::Refused(Refusal::MustType));
        }
        let Some(stands) = operation.fingerprint() else { return Ok(Judged::Refused(Refusal::TooEarly)) };
        let vote = Vote {
            person: expressed.person.id.clone(),
            source: expressed.source.clone(),
            verdict: expressed.verdict,
            fingerprint: expressed.fingerprint.unwrap_or(stands),
            at: expressed.at,
        };
        let run_by = self.now() + self.run_within(operation);
        let count = |votes: &[Vote]| tally_of(&rules, (&operation.request.quorum, operation), votes);
        Ok(match operation.cast(vote, count, run_by) {
            Cast::Counts(events) => Judged::Counts(events),
            Cast::Outdated => Judged::Refused(Refusal::OutdatedPlan),
            Cast::TooEarly => Judged::Refused(Refusal::TooEarly),
            Cast::NotOpen if operation.phase == Phase::Voting || expressed.verdict == Verdict::Object => {
                Judged::Refused(Refusal::NotOpen)
            }
            Cast::Already | Cast::NotOpen => Judged::Nothing,
        })
    }

    /// Who it is that votes.
    pub(super) async fn voter(&self, envelope: &Envelope) -> Result<Person, Failure> {
        Ok(self.ports.directory.person(&envelope.person, Freshness::Recent).await?)
    }

    async fn withdraw(
        self: &Arc<Self>,
        (key, id): (&str, &OperationId),
        vote: (&PersonId, &VoteSource),
        at: Timestamp,
    ) -> Result<(), Failure> {
        loop {
            let Some(operation) = self.load(id).await? else { return Ok(()) };
            let Some(event) = operation.withdraw(vote, at) else { return Ok(()) };
            if self.append_for(key, &operation, vec![event]).await? == Appended::Done {
                self.advance(id);
                return Ok(());
            }
        }
    }

    /// Tells a person, alone, why their vote does not count.
    async fn refuse_vote(
        &self,
        operation: &Operation,
        person: &Person,
        refusal: &Refusal,
    ) -> Result<(), Failure> {
        if *refusal != Refusal::NotHere {
            self.tell(operation, person, &vote_refused(refusal)).await;
        }
        Ok(())
    }

    /// Tells a person, alone, beside an operation's card. Bots are not told: they do not read.
    pub(super) async fn tell(&self, operation: &Operation, person: &Person, reply: &Reply) {
        if matches!(person.standing, Standing::Bot | Standing::Deactivated) {
            return;
        }
        let whisper = Whisper {
            channel: &operation.request.origin.channel,
            thread: operation.thread_root(),
            user: &person.id.user,
            reply,
        };
        if let Err(cause) = self.ports.chat.whisper(whisper).await {
            self.log("a person could not be told something that is for them alone", &cause);
        }
    }

    async fn ask_for_the_name(
        &self,
        operation: &Operation,
        person: &Person,
        (trigger, fingerprint): (&str, Fingerprint),
    ) -> Result<(), Failure> {
        let dialog = Dialog {
            name: actions::CONFIRM,
            value: format!("{} {fingerprint}", operation.request.id),
            title: "Confirm".to_owned(),
            question: format!("Type {} to confirm: {}", target_name(operation), operation.request.sentence),
            expected: Some(target_name(operation)),
        };
        self.open(operation, person, (trigger, &dialog)).await
    }
}

/// Can it be told whether the person had seen the plan? Not before the plan is made and the ledger knows
/// since when the card shows it: a start after a crash first has to find the card again.
fn can_be_dated(operation: &Operation, expressed: &Expressed<'_>) -> bool {
    let reaction = matches!(expressed.source, VoteSource::Reaction { .. });
    match operation.phase {
        Phase::Requested => false,
        Phase::Voting if reaction && expressed.verdict == Verdict::Approve => operation.is_shown(),
        _ => true,
    }
}

/// Must this person type the target's name instead of pressing a button or reacting?
pub(super) fn must_type(operation: &Operation, person: &Person, verdict: Verdict) -> bool {
    operation.request.risk == Risk::Destructive
        && verdict == Verdict::Approve
        && person.id == operation.request.caller
}

/// What the caller of a destructive command types: its first argument, or the command's name.
pub(super) fn target_name(operation: &Operation) -> String {
    let args = operation.request.args.as_object();
    let first = args.and_then(|args| args.values().find(|value| !hides(value)));
    match first {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => operation.request.command.to_string(),
    }
}

/// How a vote was given.
pub(super) fn manner_of_vote(source: &VoteSource) -> Manner {
    match source {
        VoteSource::Terminal => Manner::Terminal,
        VoteSource::Reaction { .. } | VoteSource::Button | VoteSource::Typed => Manner::Chat,
    }
}

/// Policy's word on a person's vote for an operation.
pub(super) fn may_vote(
    rules: &Rules,
    operation: &Operation,
    (person, place): (&Person, &Place),
    manner: Manner,
) -> Result<(), Refusal> {
    let request = &operation.request;
    let Some((command, _)) = rules.command(&request.command) else { return Err(Refusal::NotOpen) };
    let ballot = Ballot { quorum: &request.quorum, caller: &request.caller, person, place, manner };
    rules.policy.may_vote(command.spec(), &ballot)
}

/// The count of an operation's `votes` against a quorum, under the policy in force.
pub(super) fn tally_of(rules: &Rules, (quorum, operation): (&Quorum, &Operation), votes: &[Vote]) -> Tally {
    Tally::count(quorum, &operation.request.caller, votes, |person| rules.policy.groups_of(person))
}
