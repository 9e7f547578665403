//! Addresses to listen on.

use std::io::ErrorKind;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use super::StartError;

/// Listens on `address`, which `option` of the command line names.
pub(super) async fn bind(address: SocketAddr, option: &'static str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        ErrorKind::AddrInUse => StartError::InUse { address, option },
        _ => StartError::Listen { address, option, source },
    })
}
