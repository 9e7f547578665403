//! A line to the engine: over the socket of the program that runs, or in this process.

use std::time::Duration;

use countersign_store::sqlite;
use tokio::net::UnixStream;
use tokio::sync::RwLock;

use super::Common;
use crate::cli::{Complaint, sentence};
use crate::serve;
use crate::store::OpenError;
use crate::terminal::alone::{Alone, For, Place, Slackless, StartError};
use crate::terminal::caller::{self, CallError};
use crate::terminal::protocol::{Answer, Wanted};
use crate::terminal::socket;
use crate::terminal::who::Proof;

/// How often somebody who is about to let go of the ledger is waited for, and how long each time.
const TRIES: u32 = 15;
const PAUSE: Duration = Duration::from_millis(200);
/// What is said where the channel cannot be told.
const SLACKLESS: &str = "Slack does not answer, or there are no tokens for it: the channel is told later.";
/// A token's file is no longer.
const LONGEST: u64 = 4096;

/// A line to the engine.
pub(super) struct Line {
    place: Place,
    purpose: For,
    end: RwLock<End>,
    token: Option<String>,
    json: bool,
}

enum End {
    /// Over the socket.
    There,
    /// In this process, as this Unix user.
    Here(Box<Alone>, u32),
}

/// Finds whoever holds the ledger, or takes it.
pub(super) async fn open(common: Common, purpose: For) -> Result<Line, Complaint> {
    let token = token(common.token_file.as_deref())?;
    let ledger = serve::ledger(&common.config, common.data.as_deref());
    let (tokens, api_url) = (common.slack.tokens(), common.slack.api_url);
    let place = Place { config: common.config, ledger, api_url, tokens };
    let end = RwLock::new(connect(&place, purpose).await?);
    Ok(Line { place, purpose, end, token, json: common.json })
}

async fn connect(place: &Place, purpose: For) -> Result<End, Complaint> {
    let path = socket::beside(&place.ledger);
    let mut tries = 1;
    loop {
        if answers(&path).await? {
            return Ok(End::There);
        }
        match Alone::start(place, purpose).await {
            Ok(alone) => {
                if alone.slack() == Slackless::Yes {
                    eprintln!("{SLACKLESS}");
                }
                return Ok(End::Here(Box::new(alone), own_uid()?));
            }
            // It may be about to listen, or to let go.
            Err(StartError::Ledger(OpenError::File(sqlite::OpenError::InUse(_)))) if tries < TRIES => {
                tokio::time::sleep(PAUSE).await;
            }
            Err(StartError::Ledger(OpenError::File(sqlite::OpenError::InUse(held)))) => {
                return Err(Complaint::usage(format!(
                    "{} is held by a countersign that does not listen for terminals. Start that one again, so that it \
                     takes [terminal] up.",
                    held.display()
                )));
            }
            Err(StartError::Config(errors)) => return Err(Complaint::from(errors)),
            Err(error) => return Err(Complaint::usage(sentence(&error))),
        }
        tries += 1;
    }
}

impl Line {
    /// Asks one question. Where the program at the other end has gone away before it heard it, another one is found.
    pub(super) async fn ask(&self, wanted: &Wanted) -> Result<Answer, Complaint> {
        loop {
            if let End::Here(alone, uid) = &*self.end.read().await {
                let proof = Proof { uid: *uid, token: self.token.clone() };
                return Ok(alone.desk().answer(&proof, wanted).await);
            }
            let path = socket::beside(&self.place.ledger);
            match caller::ask(&path, self.token.as_deref(), wanted).await {
                Ok(answer) => return Ok(answer),
                Err(CallError::Nobody) => {
                    let end = connect(&self.place, self.purpose).await?;
                    *self.end.write().await = end;
                }
                Err(error) => return Err(Complaint::failed(sentence(&error))),
            }
        }
    }

    /// Is JSON wanted?
    pub(super) fn json(&self) -> bool {
        self.json
    }

    /// Lets go of the ledger, if it was held here.
    pub(super) async fn close(self) {
        if let End::Here(alone, _) = self.end.into_inner() {
            alone.stop().await;
        }
    }
}

/// Does a program listen there?
async fn answers(path: &std::path::Path) -> Result<bool, Complaint> {
    match caller::connect(path).await {
        Ok(_) => Ok(true),
        Err(CallError::Nobody) => Ok(false),
        Err(error) => Err(Complaint::failed(sentence(&error))),
    }
}

/// The Unix user of this process, in the words of the kernel: nothing is asked that this program could answer itself.
fn own_uid() -> Result<u32, Complaint> {
    let pair = UnixStream::pair().and_then(|(one, _other)| one.peer_cred());
    pair.map(|user| user.uid())
        .map_err(|error| Complaint::failed(format!("This user is not known: {error}.")))
}

/// The token, from its file or from the environment; never from an argument, which others on the machine can read.
#[expect(clippy::disallowed_methods, reason = "this is the edge where the program's environment is read")]
fn token(file: Option<&std::path::Path>) -> Result<Option<String>, Complaint> {
    let Some(path) = file else {
        return Ok(std::env::var("COUNTERSIGN_TOKEN").ok().filter(|token| !token.trim().is_empty()));
    };
    let unreadable = |error: std::io::Error| {
        Complaint::usage(format!("The token file {} cannot be read: {error}.", path.display()))
    };
    if std::fs::metadata(path).map_err(unreadable)?.len() > LONGEST {
        return Err(Complaint::usage(format!("{} is too long for a token.", path.display())));
    }
    std::fs::read_to_string(path).map(|text| Some(text.trim().to_owned())).map_err(unreadable)
}
