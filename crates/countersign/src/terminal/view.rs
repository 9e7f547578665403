//! An operation, as a person at a terminal sees it.

use countersign_core::operation::{Found, Operation, Outcome, Phase};
use countersign_core::reply::{Names, Reply, missing, plain, sheet};
use countersign_engine::pipeline::Sight;

use super::Settings;
use super::protocol::{State, View};

impl View {
    /// What `sight` says, in the words of the configuration.
    pub(super) fn of(sight: &Sight, settings: &Settings) -> Self {
        let Sight { operation, tally, waits_for_you, to_type } = sight;
        let request = &operation.request;
        let name = |user: &countersign_core::ids::UserId| {
            settings.person(user).map_or_else(|| user.to_string(), str::to_owned)
        };
        let channel = &request.origin.channel;
        let proposal = operation.proposal.as_ref();
        let outcome = match &operation.phase {
            Phase::Finished(outcome) => Some(outcome.clone()),
            _ => None,
        };
        let is_waiting = operation.phase == Phase::Voting;
        Self {
            operation: request.id.clone(),
            state: state(operation),
            sentence: request.sentence.clone(),
            caller: name(&request.caller.user),
            channel: settings.channel(channel).map_or_else(|| channel.to_string(), str::to_owned),
            emergency: request.emergency.clone(),
            plan: operation.fingerprint(),
            steps: proposal.map(|proposal| proposal.plan.steps.clone()).unwrap_or_default(),
            signed: tally.signed.iter().map(|person| name(&person.user)).collect(),
            missing: if is_waiting { text(missing(tally, &request.caller), settings) } else { String::new() },
            approve_by: proposal.and_then(|proposal| proposal.approve_by).filter(|_| is_waiting),
            outcome,
            waits_for_you: *waits_for_you,
            to_type: to_type.clone(),
            needs_review: operation.needs_review(),
            text: plain(&sheet(operation, tally), settings),
        }
    }
}

fn text(spans: Vec<countersign_core::reply::Span>, settings: &Settings) -> String {
    let blocks = vec![countersign_core::reply::Block::Text(spans)];
    plain(&Reply { summary: String::new(), blocks }, settings)
}

fn state(operation: &Operation) -> State {
    match &operation.phase {
        Phase::Requested => State::Planning,
        Phase::Voting => State::Waiting,
        Phase::Approved { .. } => State::Signed,
        Phase::Applying(_) => State::Running,
        Phase::Finished(Outcome::Succeeded(_)) => State::Succeeded,
        Phase::Finished(Outcome::Failed { .. }) => State::Failed,
        Phase::Finished(Outcome::Unknown { .. }) => {
            match operation.resolution.as_ref().map(|one| one.found) {
                Some(Found::Succeeded) => State::Succeeded,
                Some(Found::Failed) => State::Failed,
                None => State::Unknown,
            }
        }
        Phase::Stopped(_) => State::Stopped,
    }
}
