//! The desk: makes sure who asks, asks the engine, and answers.

use std::sync::{Arc, PoisonError, RwLock};

use countersign_core::ids::{ChannelId, OperationId, OrgId, PersonId};
use countersign_core::operation::Wish;
use countersign_core::policy::Refusal;
use countersign_core::reply::{self, plain};
use countersign_engine::pipeline::{Failure, Said, Sentence, Sign, Signed};
use countersign_engine::{Engine, causes};

use super::Settings;
use super::protocol::{Answer, View, Wanted};
use super::who::{Proof, Stranger};

/// Where people at terminals are served.
pub struct Desk {
    engine: Arc<Engine>,
    home: OrgId,
    settings: RwLock<Arc<Settings>>,
}

impl Desk {
    /// A desk in front of `engine`, for people of `home`.
    pub fn new(engine: Arc<Engine>, home: OrgId, settings: Settings) -> Arc<Self> {
        Arc::new(Self { engine, home, settings: RwLock::new(Arc::new(settings)) })
    }

    /// Puts other settings in force.
    pub fn reload(&self, settings: Settings) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }

    /// The settings in force.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers one question.
    pub async fn answer(&self, proof: &Proof, wanted: &Wanted) -> Answer {
        let settings = self.settings();
        let person = match settings.who(proof, self.engine.now()) {
            Ok(user) => PersonId { org: self.home.clone(), user },
            Err(stranger) => return self.stranger(proof, &stranger),
        };
        tracing::info!(%person, uid = proof.uid, by_token = proof.token.is_some(), what = word(wanted), "at a terminal");
        match self.serve(&settings, &person, wanted).await {
            Ok(answer) => answer,
            Err(failure) => self.failed(&settings, &failure),
        }
    }

    async fn serve(
        &self,
        settings: &Settings,
        person: &PersonId,
        wanted: &Wanted,
    ) -> Result<Answer, Failure> {
        let refused = |refusal: &Refusal| self.refused(settings, refusal);
        let (id, signed) = match wanted {
            Wanted::Run { sentence, channel, emergency } => {
                let channel = match channel.as_deref().map(|name| named(settings, name)) {
                    Some(None) => return Ok(refused(&Refusal::NotHere)),
                    channel => channel.flatten(),
                };
                let said = Sentence {
                    person: person.clone(),
                    text: sentence.clone(),
                    channel,
                    emergency: emergency.clone(),
                };
                match self.engine.say_at_terminal(&said).await? {
                    Said::Begun(id) => (id, Signed::Heard),
                    Said::Refused(refusal) => return Ok(refused(&refusal)),
                }
            }
            Wanted::Pending => {
                let sights = self.engine.pending(person).await?;
                let operations = sights.iter().map(|sight| View::of(sight, settings)).collect();
                return Ok(Answer::Pending { operations });
            }
            Wanted::Show { operation } => (operation.clone(), Signed::Heard),
            Wanted::Approve { operation, plan, typed } => {
                let sign = Sign::Approve { plan: *plan, typed: typed.clone() };
                self.sign(operation, (person, &sign)).await?
            }
            Wanted::Deny { operation, reason } => {
                self.sign(operation, (person, &Sign::Object { reason: reason.clone() })).await?
            }
            Wanted::Cancel { operation } => self.grant(operation, (person, &Wish::Cancel)).await?,
            Wanted::Resolve { operation, found, reason } => {
                self.grant(operation, (person, &Wish::resolve(*found, reason))).await?
            }
            Wanted::Review { operation, note } => {
                self.grant(operation, (person, &Wish::review(note))).await?
            }
        };
        if let Signed::Refused(refusal) = signed {
            return Ok(refused(&refusal));
        }
        Ok(match self.engine.sight(&id, person).await? {
            Some(sight) => Answer::Operation(Box::new(View::of(&sight, settings))),
            None => Answer::Refused {
                text: format!("There is no operation {id}, or it is nothing for you to see at a terminal."),
            },
        })
    }

    async fn sign(
        &self,
        id: &OperationId,
        signs: (&PersonId, &Sign),
    ) -> Result<(OperationId, Signed), Failure> {
        Ok((id.clone(), self.engine.sign_at_terminal(id, signs).await?))
    }

    async fn grant(
        &self,
        id: &OperationId,
        wishes: (&PersonId, &Wish),
    ) -> Result<(OperationId, Signed), Failure> {
        Ok((id.clone(), self.engine.grant_at_terminal(id, wishes).await?))
    }

    fn refused(&self, settings: &Settings, refusal: &Refusal) -> Answer {
        Answer::Refused { text: plain(&reply::refusal_at_terminal(refusal), settings) }
    }

    fn failed(&self, settings: &Settings, failure: &Failure) -> Answer {
        let reference = self.engine.log("a terminal could not be answered", failure);
        Answer::Failed { text: plain(&reply::failure(&reference), settings) }
    }

    fn stranger(&self, proof: &Proof, stranger: &Stranger) -> Answer {
        tracing::warn!(
            uid = proof.uid,
            by_token = proof.token.is_some(),
            cause = causes::line(stranger),
            "a stranger at a terminal"
        );
        let line = causes::line(stranger);
        let mut letters = line.chars();
        let first: String = letters.next().map(char::to_uppercase).into_iter().flatten().collect();
        Answer::Stranger { text: format!("{first}{}.", letters.as_str()) }
    }
}

/// A channel by the name that the configuration gives it, or by its id. Nobody names one that it does not have.
fn named(settings: &Settings, name: &str) -> Option<ChannelId> {
    let name = name.trim_start_matches('#');
    let by_id = || settings.channels.values().find(|id| id.as_str() == name);
    settings.channels.get(name).or_else(by_id).cloned()
}

/// What is wanted, for the log.
fn word(wanted: &Wanted) -> &'static str {
    match wanted {
        Wanted::Run { emergency: Some(_), .. } => "run in an emergency",
        Wanted::Run { .. } => "run",
        Wanted::Show { .. } => "show",
        Wanted::Pending => "pending",
        Wanted::Approve { .. } => "approve",
        Wanted::Deny { .. } => "deny",
        Wanted::Cancel { .. } => "cancel",
        Wanted::Resolve { .. } => "resolve",
        Wanted::Review { .. } => "review",
    }
}
