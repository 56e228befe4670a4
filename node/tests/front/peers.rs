//! Peers that are away: whoever was met is remembered by its name, whichever of both called the
//! other.

use super::*;

/// Waits until one peer is listed, and it is away.
async fn only_away(home: &Home) -> PeerView {
    home.until("one peer is known, and it is away", async |home| {
        let mut peers = home.peers().await.into_iter();
        let first = peers.next().filter(|peer| !peer.connected);
        first.filter(|_| peers.next().is_none())
    })
    .await
}

async fn met(home: &Home) {
    home.until("a peer is met and in step", async |home| {
        let peers = home.peers().await;
        peers.into_iter().find(|peer| peer.in_step)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_peer_that_was_met_has_its_name_when_it_is_away() {
    let folder = TempDir::new().expect("a folder");
    let mut lin = founder(&folder).await;
    let chen = joiner(&folder, &lin).await;
    chen.until("the founder's node is met", async |home| {
        let peers = home.peers().await;
        peers.into_iter().find(|peer| peer.in_step)
    })
    .await;
    lin.cut_power();
    let check = |peer: PeerView| {
        let name = peer.member.as_ref().map(|member| member.name.as_str());
        assert_eq!((name, peer.address), (Some("林家"), lin.address.clone()));
        assert_eq!(peer.building.as_deref(), Some("3"));
        assert!(peer.seen_ms.is_some_and(|seen| seen > 0));
        assert!(peer.synced_ms.is_some());
    };
    check(only_away(&chen).await);
    // It is remembered, and calling it once more forgets nothing.
    let chen = chen.after_a_power_cut().await;
    check(only_away(&chen).await);
    let address = lin.address.clone();
    chen.ask(Request::Dial { address }).await;
    check(only_away(&chen).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_called_is_remembered_as_well() {
    let folder = TempDir::new().expect("a folder");
    let lin = founder(&folder).await;
    let mut chen = joiner(&folder, &lin).await;
    met(&lin).await;
    chen.cut_power();
    let check = |peer: PeerView| {
        let name = peer.member.as_ref().map(|member| member.name.as_str());
        assert_eq!((name, peer.building.as_deref()), (Some("陈家"), Some("5")));
        assert_eq!(peer.kind.as_deref(), Some("home"));
        // Where it came from is no place to call it at.
        assert_eq!(peer.address, "");
        assert!(peer.seen_ms.is_some_and(|seen| seen > 0));
        assert!(peer.synced_ms.is_some());
    };
    check(only_away(&lin).await);
    let lin = lin.after_a_power_cut().await;
    check(only_away(&lin).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_address_learns_who_answers_there_though_it_called_first() {
    let folder = TempDir::new().expect("a folder");
    let lin = founder(&folder).await;
    let mut chen = joiner(&folder, &lin).await;
    met(&lin).await;
    let address = chen.address.clone();
    lin.ask(Request::Dial {
        address: address.clone(),
    })
    .await;
    lin.until("the address is known to be its", async |home| {
        // Met once and listed once, no more by who came from elsewhere.
        let peers = home.peers().await;
        (peers.len() == 1 && peers[0].address == address).then_some(())
    })
    .await;
    chen.cut_power();
    let peer = only_away(&lin).await;
    let name = peer.member.as_ref().map(|member| member.name.as_str());
    assert_eq!((name, peer.address), (Some("陈家"), address));
}
