//! The signals that end the program.

use super::Complaint;

/// Listens for Ctrl-C and a request to end from now on; resolves at the first.
#[cfg(unix)]
pub(super) fn stop() -> Result<impl Future<Output = ()>, Complaint> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|error| cannot(&error));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Resolves at Ctrl-C.
#[cfg(not(unix))]
pub(super) fn stop() -> Result<impl Future<Output = ()>, Complaint> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

#[cfg(unix)]
fn cannot(error: &std::io::Error) -> Complaint {
    Complaint::failed(format!("Signals cannot be listened for: {error}."))
}
