use super::*;

fn view(state: State) -> View {
    View {
        operation: OperationId::from_parts(1_700_000_000_000, 7),
        state,
        sentence: "set acme trial remaining to 14 days".to_owned(),
        caller: "ana".to_owned(),
        channel: "backoffice".to_owned(),
        emergency: None,
        plan: None,
        steps: Vec::new(),
        signed: vec!["ana".to_owned()],
        missing: "one other person".to_owned(),
        approve_by: "2026-11-20T10:00:00Z".parse().ok(),
        outcome: None,
        waits_for_you: false,
        to_type: None,
        needs_review: false,
        text: "(the operation)".to_owned(),
    }
}

#[test]
fn what_is_open() {
    let yours = View { waits_for_you: true, ..view(State::Waiting) };
    let reviewed = View { needs_review: true, approve_by: None, ..view(State::Succeeded) };
    let open = [yours, view(State::Waiting), view(State::Running), view(State::Unknown), reviewed];
    insta::assert_snapshot!(pending(&open), @"
    Waits for your signature:
      op_01HF7YAT000000000000000007  `set acme trial remaining to 14 days` by ana in #backoffice
        waits for one other person, until 2026-11-20 10:00 UTC
    Open:
      op_01HF7YAT000000000000000007  `set acme trial remaining to 14 days` by ana in #backoffice
        waits for one other person, until 2026-11-20 10:00 UTC
      op_01HF7YAT000000000000000007  `set acme trial remaining to 14 days` by ana in #backoffice
        runs
      op_01HF7YAT000000000000000007  `set acme trial remaining to 14 days` by ana in #backoffice
        nobody knows whether it was done: somebody has to look, and resolve it
      op_01HF7YAT000000000000000007  `set acme trial remaining to 14 days` by ana in #backoffice
        was an emergency: somebody else has to review it
    ");
    assert_eq!(pending(&[]), "Nothing is open.");
}

#[test]
fn what_to_do_next() {
    let plan = Some(countersign_core::plan::Fingerprint::of_bytes(b"plan"));
    let yours = View { waits_for_you: true, plan, ..view(State::Waiting) };
    let texts = [
        operation(&yours),
        operation(&view(State::Unknown)),
        waiting(&view(State::Waiting)),
        left(&view(State::Waiting).operation),
        name_the_plan(&yours),
    ];
    insta::assert_snapshot!(texts.join("\n---\n"), @"
    (the operation)
    It waits for you: countersign approve op_01HF7YAT000000000000000007   or: countersign deny op_01HF7YAT000000000000000007
    ---
    (the operation)
    Look whether it was done, then: countersign resolve op_01HF7YAT000000000000000007 --as succeeded|failed --reason …
    ---
    It waits for one other person. They sign in Slack, or with: countersign approve op_01HF7YAT000000000000000007
    Ctrl-C leaves it waiting.
    ---

    It goes on without you. See how it stands: countersign show op_01HF7YAT000000000000000007   take it back: countersign cancel op_01HF7YAT000000000000000007
    ---
    Nobody sits at a keyboard to say yes. To sign exactly this plan: countersign approve op_01HF7YAT000000000000000007 --plan 64879f7d6b960a01909762d911a32d4582c20010c5641ee90278b644a9e3b525
    ");
}
