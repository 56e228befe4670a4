//! iroh-docs: every record is an entry of one document, signed by its author, its text a blob; both
//! kept in its own stores on disk, fetched over QUIC.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures::StreamExt;
use iroh::endpoint::presets;
use iroh::protocol::Router;
use iroh::{Endpoint, EndpointAddr, EndpointId, RelayMode, SecretKey};
use iroh_blobs::BlobsProtocol;
use iroh_blobs::store::fs::FsStore;
use iroh_docs::engine::LiveEvent;
use iroh_docs::protocol::Docs;
use iroh_docs::store::Query;
use iroh_docs::{Author, AuthorId, Capability, ContentStatus, NamespaceSecret};
use iroh_gossip::net::Gossip;
use peers::{Command, Record, Role};
use serde_json::json;

/// Writes that wait for the store at once while the corpus is loaded.
const WRITES_AT_ONCE: usize = 64;
/// How long nothing may happen after a sync was said to be finished.
const SILENCE: Duration = Duration::from_millis(400);
/// How long nothing may happen before.
const PATIENCE: Duration = Duration::from_secs(60);
const SERVER: usize = 1;

struct Node {
    endpoint: Endpoint,
    docs: Docs,
    blobs: FsStore,
    router: Router,
}

fn seed(kind: u8, number: usize) -> [u8; 32] {
    let mut seed = [kind; 32];
    seed[..8].copy_from_slice(&(number as u64).to_be_bytes());
    seed
}

fn namespace() -> Capability {
    Capability::Write(NamespaceSecret::from_bytes(&seed(0x44, 1)))
}

async fn open(folder: &str, number: usize, port: u16) -> anyhow::Result<Node> {
    let endpoint = Endpoint::builder(presets::Minimal)
        .secret_key(SecretKey::from_bytes(&seed(0x33, number)))
        .relay_mode(RelayMode::Disabled)
        .clear_address_lookup()
        .clear_ip_transports()
        .bind_addr(("127.0.0.1", port))?
        .bind()
        .await?;
    let blobs = FsStore::load(format!("{folder}/blobs")).await?;
    let gossip = Gossip::builder().spawn(endpoint.clone());
    let docs = Docs::persistent(folder.into())
        .spawn(endpoint.clone(), (*blobs).clone(), gossip.clone())
        .await?;
    let router = Router::builder(endpoint.clone())
        .accept(iroh_blobs::ALPN, BlobsProtocol::new(&blobs, None))
        .accept(iroh_gossip::ALPN, gossip)
        .accept(iroh_docs::ALPN, docs.clone())
        .spawn();
    Ok(Node {
        endpoint,
        docs,
        blobs,
        router,
    })
}

async fn serve(folder: &str, port: u16, corpus: Vec<Record>) -> anyhow::Result<()> {
    let node = open(folder, SERVER, port).await?;
    let mut authors: Vec<AuthorId> = Vec::new();
    let count = corpus.iter().map(|record| record.author + 1).max();
    for number in 0..count.unwrap_or(1) {
        let author = Author::from_bytes(&seed(0x55, number));
        authors.push(author.id());
        node.docs.author_import(author).await?;
    }
    let documents = peers::documents(&corpus);
    let document = node.docs.import_namespace(namespace()).await?;
    let mut writing = futures::stream::iter(corpus)
        .map(|record| {
            let (document, author) = (document.clone(), authors[record.author]);
            async move {
                let key = format!("doc{:05}/{:03}", record.document, record.number);
                document
                    .set_bytes(author, key.into_bytes(), record.text.into_bytes())
                    .await
            }
        })
        .buffer_unordered(WRITES_AT_ONCE);
    while let Some(written) = writing.next().await {
        written?;
    }
    drop(writing);
    document.start_sync(Vec::new()).await?;
    peers::say(&json!({"event": "ready", "id": node.endpoint.id().to_string()}));
    let mut commands = peers::commands();
    let mut added = 0;
    while let Some(Command::Add(count)) = commands.recv().await {
        for index in 0..count {
            added += 1;
            let key = format!("doc{:05}/x{added}", index * 197 % documents);
            let author = authors[index * 13 % authors.len()];
            let text = peers::later_text(added);
            document
                .set_bytes(author, key.into_bytes(), text.into_bytes())
                .await?;
        }
        peers::say(&json!({"event": "added"}));
    }
    Ok(())
}

async fn fetch(node: &Node, server: EndpointAddr) -> anyhow::Result<()> {
    let since = Instant::now();
    let document = node.docs.import_namespace(namespace()).await?;
    let mut events = document.subscribe().await?;
    document.start_sync(vec![server]).await?;
    let mut finished = false;
    let mut wanted = BTreeSet::new();
    let mut last = since;
    loop {
        let patience = if finished { SILENCE } else { PATIENCE };
        let Ok(Some(event)) = tokio::time::timeout(patience, events.next()).await else {
            break;
        };
        match event? {
            LiveEvent::InsertRemote {
                entry,
                content_status,
                ..
            } => {
                last = Instant::now();
                if content_status != ContentStatus::Complete {
                    wanted.insert(entry.content_hash());
                }
            }
            LiveEvent::ContentReady { hash } => {
                last = Instant::now();
                wanted.remove(&hash);
            }
            LiveEvent::SyncFinished(_) => {
                last = Instant::now();
                finished = true;
            }
            _ => {}
        }
    }
    // The silence after the last event is not part of the sync.
    let ms = last.duration_since(since).as_secs_f64() * 1e3;
    let mut complete = 0;
    let mut entries = std::pin::pin!(document.get_many(Query::all()).await?);
    while let Some(entry) = entries.next().await {
        if node.blobs.has(entry?.content_hash()).await? {
            complete += 1;
        }
    }
    peers::say(&json!({"event": "synced", "ms": ms, "records": complete}));
    Ok(())
}

async fn close(node: Node) -> anyhow::Result<()> {
    node.router.shutdown().await?;
    node.endpoint.close().await;
    node.blobs.shutdown().await?;
    Ok(())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let start = peers::start()?;
    let ready = match start.role {
        Role::Serve { corpus } => return serve(&start.folder, start.port, corpus).await,
        Role::Sync { ready } => ready,
    };
    let server: EndpointId = ready["id"].as_str().unwrap_or_default().parse()?;
    let server = EndpointAddr::new(server)
        .with_ip_addr(std::net::SocketAddr::from(([127, 0, 0, 1], start.port)));
    let mut number = SERVER + 1;
    let mut commands = peers::commands();
    let mut next = Some(open(&start.folder, number, 0).await?);
    peers::say(&json!({"event": "ready"}));
    while let Some(Command::Sync) = commands.recv().await {
        // Each sync has an endpoint of its own; opening it is not part of the sync.
        let node = match next.take() {
            Some(node) => node,
            None => open(&start.folder, number, 0).await?,
        };
        number += 1;
        fetch(&node, server.clone()).await?;
        close(node).await?;
    }
    Ok(())
}
