//! Hints: that they arrive, and that a stranger sees none and learns no topic.

use futures::StreamExt;
use libp2p::swarm::{NetworkBehaviour, SwarmEvent};
use libp2p::{Swarm, SwarmBuilder, gossipsub, noise, ping, tcp, yamux};

use super::*;
use crate::limits::{HINT_BYTES_MAX, HINTS_PER_WINDOW_MAX};

const TOPIC: Topic = Topic([0xab; 32]);

/// Publishes until `to` has the hint: gossip promises nothing about the first one.
async fn hint_arrives(from: &Node, to: &mut Node, topic: Topic, hint: &[u8]) {
    let publishing = async {
        loop {
            from.transport.publish(topic, hint.to_vec()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let arrival = to.next(|event| match event {
        Event::Hint { topic, peer, bytes } => Some((topic, peer, bytes)),
        _ => None,
    });
    let arrived = tokio::select! {
        arrived = arrival => arrived,
        () = publishing => unreachable!("publishing never ends"),
    };
    assert_eq!(arrived, (topic, from.id(), hint.to_vec()));
}

async fn admit_each_other(a: &Node, b: &Node) {
    assert!(a.transport.admit(b.id()).await.unwrap());
    assert!(b.transport.admit(a.id()).await.unwrap());
}

#[tokio::test]
async fn a_hint_arrives_from_an_admitted_peer_both_ways() {
    for address in [TCP, QUIC] {
        let (mut a, mut b) = pair(address).await;
        a.transport.subscribe(TOPIC).await.unwrap();
        b.transport.subscribe(TOPIC).await.unwrap();
        admit_each_other(&a, &b).await;
        hint_arrives(&a, &mut b, TOPIC, b"log 7 has reached 12").await;
        hint_arrives(&b, &mut a, TOPIC, &[1; HINT_BYTES_MAX]).await;
    }
}

#[tokio::test]
async fn a_topic_subscribed_to_later_is_told_at_once() {
    let (a, mut b) = pair(TCP).await;
    admit_each_other(&a, &b).await;
    let (mut ends, mut other_ends) = stream_between(&a, &mut b).await;
    round_trip(&mut ends, &mut other_ends).await;
    a.transport.subscribe(TOPIC).await.unwrap();
    b.transport.subscribe(TOPIC).await.unwrap();
    let soon = Duration::from_secs(8);
    timeout(soon, hint_arrives(&a, &mut b, TOPIC, b"x"))
        .await
        .expect("the subscription waited for the next ping");
}

#[tokio::test]
async fn a_hint_is_passed_on_by_a_peer_between() {
    let (mut relay, address) = Node::listening(TCP, TransportLimits::default()).await;
    relay.transport.subscribe(TOPIC).await.unwrap();
    let mut homes = [Node::silent(), Node::silent()];
    for home in &mut homes {
        home.transport.subscribe(TOPIC).await.unwrap();
        home.transport.dial(address.clone()).await.unwrap();
        home.connected(relay.id()).await;
        relay.connected(home.id()).await;
        admit_each_other(home, &relay).await;
    }
    let [a, mut b] = homes;
    let publishing = async {
        loop {
            a.transport.publish(TOPIC, b"x".to_vec()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let arrival = b.next(|event| match event {
        Event::Hint { peer, .. } => Some(peer),
        _ => None,
    });
    tokio::select! {
        peer = arrival => assert_eq!(peer, relay.id(), "the one to ask"),
        () = publishing => unreachable!("publishing never ends"),
    }
}

#[tokio::test]
async fn a_flood_of_hints_ends_at_the_budget_of_its_peer() {
    let (a, mut b) = pair(TCP).await;
    a.transport.subscribe(TOPIC).await.unwrap();
    b.transport.subscribe(TOPIC).await.unwrap();
    admit_each_other(&a, &b).await;
    hint_arrives(&a, &mut b, TOPIC, b"x").await;
    let (mut ends, mut other_ends) = stream_between(&a, &mut b).await;
    let mut hints = 1;
    for flood in 0..3 * HINTS_PER_WINDOW_MAX {
        a.transport.publish(TOPIC, b"x".to_vec()).await.unwrap();
        if flood % 20 == 0 {
            round_trip(&mut ends, &mut other_ends).await;
            while let Ok(event) = b.events.try_recv() {
                hints += u32::from(matches!(event, Event::Hint { .. }));
            }
        }
    }
    assert!(hints <= HINTS_PER_WINDOW_MAX, "{hints}");
    // Most of the budget has been used, so a flood has arrived.
    assert!(hints > HINTS_PER_WINDOW_MAX * 3 / 4, "{hints}");
}

#[tokio::test]
async fn a_flood_of_hints_does_not_hold_up_an_owner_that_is_busy() {
    let (mut a, mut b) = pair(TCP).await;
    a.transport.subscribe(TOPIC).await.unwrap();
    b.transport.subscribe(TOPIC).await.unwrap();
    admit_each_other(&a, &b).await;
    hint_arrives(&a, &mut b, TOPIC, b"x").await;
    let (mut ends, mut other_ends) = stream_between(&a, &mut b).await;
    // More than the channel and the outbox hold; meanwhile nobody takes the events of `b`.
    for flood in 0..HINTS_PER_WINDOW_MAX {
        a.transport.publish(TOPIC, b"x".to_vec()).await.unwrap();
        if flood % 20 == 0 {
            round_trip(&mut ends, &mut other_ends).await;
        }
    }
    let _ends = stream_between(&b, &mut a).await;
}

#[tokio::test]
async fn too_long_a_hint_and_too_many_topics_are_refused() {
    let node = Node::silent();
    let result = node
        .transport
        .publish(TOPIC, vec![0; HINT_BYTES_MAX + 1])
        .await;
    assert!(matches!(result, Err(PublishError::TooLong { .. })));
    for index in 0..64 {
        node.transport.subscribe(Topic([index; 32])).await.unwrap();
    }
    let result = node.transport.subscribe(TOPIC).await;
    assert!(matches!(result, Err(SubscribeError::TooMany { limit: 64 })));
    node.transport.unsubscribe(Topic([3; 32])).await.unwrap();
    node.transport.subscribe(TOPIC).await.unwrap();
}

#[tokio::test]
async fn only_a_connected_peer_can_be_admitted() {
    let (mut a, mut b) = pair(TCP).await;
    assert!(!a.transport.admit(PeerId::random()).await.unwrap());
    a.transport.disconnect(b.id()).await.unwrap();
    a.disconnected(b.id()).await;
    b.disconnected(a.id()).await;
    assert!(!a.transport.admit(b.id()).await.unwrap());
}

/// A stranger that listens to everything gossipsub says.
#[derive(NetworkBehaviour)]
struct Eavesdropper {
    gossip: gossipsub::Behaviour,
    ping: ping::Behaviour,
}

impl Eavesdropper {
    fn swarm() -> Swarm<Self> {
        SwarmBuilder::with_new_identity()
            .with_tokio()
            .with_tcp(
                tcp::Config::default(),
                noise::Config::new,
                yamux::Config::default,
            )
            .unwrap()
            .with_behaviour(|key| {
                let signed = gossipsub::MessageAuthenticity::Signed(key.clone());
                let ping = ping::Config::new().with_interval(Duration::from_millis(20));
                Self {
                    gossip: gossipsub::Behaviour::new(signed, gossipsub::Config::default())
                        .unwrap(),
                    ping: ping::Behaviour::new(ping),
                }
            })
            .unwrap()
            .build()
    }
}

/// What the stranger hears next: a topic, or only twenty answers to its pings. Gossipsub names its
/// topics in its first message, so by then it would have.
async fn hear(stranger: &mut Swarm<Eavesdropper>) -> Option<Topic> {
    let mut pings = 0;
    let hearing = async {
        while pings < 20 {
            match stranger.select_next_some().await {
                SwarmEvent::Behaviour(EavesdropperEvent::Ping(ping)) => {
                    ping.result.unwrap();
                    pings += 1;
                }
                SwarmEvent::Behaviour(EavesdropperEvent::Gossip(
                    gossipsub::Event::Subscribed { topic, .. },
                )) => return Topic::from_hash(&topic),
                _ => {}
            }
        }
        None
    };
    timeout(PATIENCE, hearing).await.unwrap()
}

#[tokio::test]
async fn a_stranger_learns_no_topic_until_it_is_admitted() {
    let (mut node, address) = Node::listening(TCP, TransportLimits::default()).await;
    node.transport.subscribe(TOPIC).await.unwrap();
    let mut stranger = Eavesdropper::swarm();
    let id = *stranger.local_peer_id();
    for _ in 0..2 {
        stranger.dial(address.clone()).unwrap();
        assert_eq!(hear(&mut stranger).await, None);
        assert!(node.transport.admit(id).await.unwrap());
        assert_eq!(hear(&mut stranger).await, Some(TOPIC));
        // An admission ends with the connection.
        stranger.disconnect_peer_id(node.id()).unwrap();
        while !matches!(
            stranger.select_next_some().await,
            SwarmEvent::ConnectionClosed { .. }
        ) {}
        node.disconnected(id).await;
    }
}
