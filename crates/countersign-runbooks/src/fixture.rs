//! What tests of several kinds of work begin with.

use countersign_core::command::spec::{CommandName, Risk, Scope, Spec};
use countersign_core::ids::{ChannelId, OrgId, PersonId};
use countersign_core::policy::{Ask, Manner, Permit, Person, Place, Policy, Roster, Standing, Terminal};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// Policy's yes to exactly these arguments, with the signatures of this risk.
pub(crate) fn permit(risk: Risk, args: &Value) -> Permit {
    let spec = Spec {
        name: CommandName::new("set-trial"),
        pattern: String::new(),
        description: String::new(),
        examples: Vec::new(),
        channels: Scope::Everyone,
        groups: [].into(),
        risk,
        quorum: risk.quorum(),
        escalations: Vec::new(),
        approve_within: SignedDuration::from_hours(1),
        run_within: SignedDuration::from_mins(15),
        lock: None,
        freezing: false,
    };
    let policy = Policy {
        home: OrgId::new("T1"),
        groups: [].into(),
        roster: Roster::new(),
        people: Scope::Everyone,
        admitted: [].into(),
        channels: Scope::Everyone,
        shared: Scope::Only([].into()),
        listens: Scope::Only([].into()),
        calendar: Vec::new(),
        freezes: Vec::new(),
        terminal: Terminal::default(),
        break_glass: None,
    };
    let person = Person { id: PersonId::new("T1", "U1"), name: "ana".to_owned(), standing: Standing::Member };
    let ask = Ask {
        spec: &spec,
        args,
        person: &person,
        place: &Place::home(ChannelId::new("C1")),
        now: Timestamp::UNIX_EPOCH,
        manner: Manner::Chat,
    };
    policy.permit(&ask).unwrap()
}
