//! Something is run or signed, and waited for.

use std::time::Duration;

use countersign_core::ids::OperationId;
use countersign_core::plan::Fingerprint;

use super::line::Line;
use super::{complaint, ended, print, print_json, prompt, signals, words};
use crate::cli::Complaint;
use crate::terminal::protocol::{Answer, State, View, Wanted};

/// How often is looked while it goes on by itself, and while it waits for people.
const SOON: Duration = Duration::from_millis(150);
const LATER: Duration = Duration::from_secs(1);
/// After so many looks somebody who waits is told why.
const MANY: u32 = 20;

/// Runs a sentence. With somebody at the keyboard it asks for their signature and waits for the others.
pub(super) async fn run(line: &Line, wanted: &Wanted, wait: bool) -> Result<(), Complaint> {
    let view = operation(line, line.ask(wanted).await?)?;
    let id = view.operation.clone();
    let keyboard = prompt::is_somebody_there() && !line.json();
    let mut stopped = std::pin::pin!(signals::stop()?);
    let going = follow(line, view, (keyboard, wait));
    tokio::select! {
        view = going => {
            let view = view?;
            if line.json() {
                print_json(&serde_json::json!(view))?;
            } else {
                print(&words::operation(&view))?;
            }
            ended(&view)
        }
        () = &mut stopped => {
            print(&words::left(&id))?;
            Err(Complaint::silent(4))
        }
    }
}

/// Signs a plan: the one that is named, or after the person has seen it and said so.
pub(super) async fn approve(
    line: &Line,
    operation_id: OperationId,
    (plan, typed): (Option<Fingerprint>, Option<String>),
) -> Result<(), Complaint> {
    let (plan, typed) = match plan {
        Some(plan) => (plan, typed),
        None => match ask_for_signature(line, &operation_id).await? {
            Some(signs) => signs,
            None => return Ok(()),
        },
    };
    let signed = line.ask(&Wanted::Approve { operation: operation_id, plan, typed }).await?;
    let view = moved(line, operation(line, signed)?).await?;
    if line.json() {
        print_json(&serde_json::json!(view))?;
    } else {
        print(&words::operation(&view))?;
    }
    match view.state {
        // It is signed; others may be missing.
        State::Waiting => Ok(()),
        _ => ended(&view),
    }
}

/// Shows the plan and asks. `None`: there is nothing to sign, and that was said.
async fn ask_for_signature(
    line: &Line,
    id: &OperationId,
) -> Result<Option<(Fingerprint, Option<String>)>, Complaint> {
    let shown = line.ask(&Wanted::Show { operation: id.clone() }).await?;
    let view = moved(line, operation(line, shown)?).await?;
    print(&words::operation(&view))?;
    let (true, Some(plan)) = (view.waits_for_you, view.plan) else { return Ok(None) };
    if !prompt::is_somebody_there() {
        return Err(Complaint::usage(words::name_the_plan(&view)));
    }
    let typed = prompt::ask(prompt::question(&view)).await;
    if !prompt::signs(&view, &typed) {
        return Err(Complaint { sentence: words::NOT_SIGNED.to_owned(), code: 4 });
    }
    Ok(Some((plan, view.to_type.map(|_| typed))))
}

/// Carries an operation to its end, or to where it waits for others and nobody waits for it.
async fn follow(line: &Line, view: View, (keyboard, wait): (bool, bool)) -> Result<View, Complaint> {
    let mut view = moved(line, view).await?;
    // The plan for which the person was asked last.
    let mut asked: Option<Fingerprint> = None;
    loop {
        if view.state != State::Waiting {
            return Ok(view);
        }
        if keyboard && view.plan != asked {
            print(&words::operation(&view))?;
            asked = view.plan;
            if let (true, Some(plan)) = (view.waits_for_you, view.plan) {
                let typed = prompt::ask(prompt::question(&view)).await;
                if !prompt::signs(&view, &typed) {
                    eprintln!("{}", words::NOT_SIGNED);
                    return Ok(view);
                }
                let typed = view.to_type.is_some().then_some(typed);
                let wanted = Wanted::Approve { operation: view.operation.clone(), plan, typed };
                view = match line.ask(&wanted).await? {
                    Answer::Operation(view) => moved(line, *view).await?,
                    no => return Err(complaint(no)),
                };
                if view.state == State::Waiting && view.plan == asked {
                    eprintln!("{}", words::waiting(&view));
                }
                continue;
            }
            eprintln!("{}", words::waiting(&view));
        }
        if !keyboard && !wait {
            return Ok(view);
        }
        tokio::time::sleep(LATER).await;
        view = look(line, &view).await?;
        view = moved(line, view).await?;
    }
}

/// Looks again until it does not go on by itself.
async fn moved(line: &Line, mut view: View) -> Result<View, Complaint> {
    let mut looks = 0_u32;
    while view.state.moves() {
        looks = looks.saturating_add(1);
        if looks == MANY && view.state == State::Signed {
            eprintln!("{}", words::SIGNED);
        }
        tokio::time::sleep(SOON).await;
        view = look(line, &view).await?;
    }
    Ok(view)
}

async fn look(line: &Line, view: &View) -> Result<View, Complaint> {
    let shown = line.ask(&Wanted::Show { operation: view.operation.clone() }).await?;
    operation(line, shown)
}

fn operation(line: &Line, answer: Answer) -> Result<View, Complaint> {
    match answer {
        Answer::Operation(view) => Ok(*view),
        no if line.json() => {
            let code = super::code(&no);
            print_json(&serde_json::json!(no))?;
            Err(Complaint::silent(code))
        }
        no => Err(complaint(no)),
    }
}
