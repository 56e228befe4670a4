//! Finding a neighbourhood again with a household's key and an address, before there is a home.

use std::time::Duration;

use protocol::key::SecretKey;
use protocol::session::frame::{RefusedReason, Whereabouts};
use protocol::session::{Finder, Found, SessionError};
use thiserror::Error;
use tokio::sync::mpsc;

use crate::keystore::Seed;
use crate::transport::{self, Event, Multiaddr, PeerId, Transport};

/// How long a peer may take for a frame.
const FRAME_WAIT_MAX: Duration = Duration::from_secs(10);

/// Why a neighbourhood was not found. Nothing was made.
#[derive(Debug, Error)]
pub enum FindError {
    /// An address is none.
    #[error("{address} is no address")]
    Address {
        /// The address.
        address: String,
    },
    /// The network cannot be used.
    #[error("the network cannot be used")]
    Network(#[from] transport::StartError),
    /// Nobody answers at the addresses.
    #[error("nobody answers there")]
    Unreachable,
    /// Whoever answers does not know the household.
    #[error("whoever answers does not know the household")]
    Unknown,
    /// Whoever answers does not tell.
    #[error("whoever answers refuses: {0:?}")]
    Refused(RefusedReason),
}

/// Asks at addresses where the household's neighbourhood is.
///
/// # Errors
///
/// [`FindError`] when no address answers in time, or none of them knows the household.
pub async fn find(
    addresses: &[String],
    household: &Seed,
    device: &Seed,
    wait: Duration,
) -> Result<Whereabouts, FindError> {
    let mut parsed = Vec::new();
    for address in addresses {
        let multiaddr: Multiaddr = address.parse().map_err(|_| FindError::Address {
            address: address.clone(),
        })?;
        parsed.push(multiaddr);
    }
    let config = transport::Config {
        seed: None,
        listen: Vec::new(),
        mdns: false,
        limits: transport::TransportLimits::default(),
    };
    let (transport, events) = transport::start(config)?;
    let keys = [household, device].map(|seed| SecretKey::from_seed(seed.expose()));
    let asked = ask_all(&transport, events, parsed, &keys);
    let found = tokio::time::timeout(wait, asked).await;
    transport.shutdown().await;
    found.unwrap_or(Err(FindError::Unreachable))
}

/// Asks whoever is reached, one after the other, until one tells.
async fn ask_all(
    transport: &Transport,
    mut events: mpsc::Receiver<Event>,
    addresses: Vec<Multiaddr>,
    keys: &[SecretKey; 2],
) -> Result<Whereabouts, FindError> {
    let mut under_way = 0;
    for address in addresses {
        if transport.dial(address).await.is_ok() {
            under_way += 1;
        }
    }
    let mut failed = FindError::Unreachable;
    while under_way > 0 {
        match events.recv().await {
            Some(Event::Connected { peer, .. }) => {
                under_way -= 1;
                match ask(transport, peer, keys).await {
                    Ok(whereabouts) => return Ok(whereabouts),
                    Err(error) => failed = error,
                }
            }
            Some(Event::DialFailed { .. } | Event::AlsoAt { .. }) => under_way -= 1,
            Some(_) => {}
            None => break,
        }
    }
    Err(failed)
}

async fn ask(
    transport: &Transport,
    peer: PeerId,
    [household, device]: &[SecretKey; 2],
) -> Result<Whereabouts, FindError> {
    let stream = transport.open_stream(peer).await;
    let stream = stream.map_err(|_| FindError::Unreachable)?;
    let (local, remote) = (transport.local_peer_id().to_bytes(), peer.to_bytes());
    let (mut reader, mut writer) = stream.split();
    let (mut finder, mut frame) = Finder::new(household, device.clone(), &local, &remote);
    loop {
        let sent = writer.send(&frame.to_bytes()).await;
        sent.map_err(|_| FindError::Unreachable)?;
        writer.flush().await.map_err(|_| FindError::Unreachable)?;
        // Whoever does not know the household hangs up without a word.
        let bytes = reader.read(FRAME_WAIT_MAX).await;
        let bytes = bytes.map_err(|_| FindError::Unknown)?;
        match finder.handle(&bytes) {
            Ok(Found::Ask(next)) => frame = next,
            Ok(Found::Here(whereabouts)) => return Ok(whereabouts),
            Ok(Found::Refused(reason)) => return Err(FindError::Refused(reason)),
            Err(SessionError::Stranger | SessionError::Proof) => return Err(FindError::Unknown),
            Err(_) => return Err(FindError::Unreachable),
        }
    }
}
