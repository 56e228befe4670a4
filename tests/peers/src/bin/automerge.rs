//! Plain Automerge: its own sync protocol for each document, all documents over one TCP stream,
//! neither signed nor stored.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use automerge::sync::{Message, State, SyncDoc};
use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ROOT, ReadDoc};
use peers::{Command, Record, Role};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// Stands for a document's number before the number of documents.
const COUNT: u32 = u32::MAX;
const BUFFER_BYTES: usize = 1 << 16;

#[derive(Default)]
struct Node {
    documents: BTreeMap<u32, Automerge>,
    states: BTreeMap<u32, State>,
    added: usize,
}

impl Node {
    fn write(&mut self, document: u32, author: usize, key: &str, text: &str) {
        let document = self.documents.entry(document).or_default();
        document.set_actor(actor(author));
        let mut transaction = document.transaction();
        transaction
            .put(ROOT, key, text)
            .expect("a map takes a text");
        transaction.commit();
    }

    fn load(corpus: &[Record]) -> Self {
        let mut node = Self::default();
        for record in corpus {
            let document = u32::try_from(record.document).expect("few documents");
            node.write(
                document,
                record.author,
                &format!("r{}", record.number),
                &record.text,
            );
        }
        node
    }

    fn add(&mut self, count: usize) {
        let documents = self.documents.len();
        for index in 0..count {
            self.added += 1;
            let document = u32::try_from(index * 197 % documents).expect("few documents");
            let text = peers::later_text(self.added);
            self.write(
                document,
                index * 13 % 200,
                &format!("x{}", self.added),
                &text,
            );
        }
    }

    /// Begins a new connection: what is kept of a peer survives, what is in flight does not.
    fn reconnect(&mut self) {
        for state in self.states.values_mut() {
            *state = State::decode(&state.encode()).expect("a state that was just encoded");
        }
    }

    fn message(&mut self, document: u32) -> Option<Vec<u8>> {
        let state = self.states.entry(document).or_default();
        let message = self.documents[&document].generate_sync_message(state)?;
        Some(message.encode())
    }

    fn receive(&mut self, document: u32, bytes: &[u8]) -> anyhow::Result<()> {
        let state = self.states.entry(document).or_default();
        let held = self.documents.entry(document).or_default();
        held.receive_sync_message(state, Message::decode(bytes)?)?;
        Ok(())
    }

    /// Tells whether the peer is known to have exactly what is here.
    fn is_even(&self, document: u32) -> bool {
        let (Some(held), Some(state)) = (self.documents.get(&document), self.states.get(&document))
        else {
            return false;
        };
        let mut own = held.get_heads();
        own.sort_unstable();
        let Some(mut theirs) = state.their_heads.clone() else {
            return false;
        };
        theirs.sort_unstable();
        !own.is_empty() && own == theirs
    }

    fn all_messages(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        for document in self.documents.keys().copied().collect::<Vec<_>>() {
            if let Some(message) = self.message(document) {
                frame(&mut out, document, &message);
            }
        }
        out
    }

    fn records(&self) -> usize {
        self.documents.values().map(|held| held.length(ROOT)).sum()
    }
}

fn actor(author: usize) -> ActorId {
    let mut bytes = [0xAB; 16];
    bytes[..8].copy_from_slice(&(author as u64).to_be_bytes());
    ActorId::from(bytes.to_vec())
}

fn frame(out: &mut Vec<u8>, document: u32, message: &[u8]) {
    out.extend(document.to_be_bytes());
    out.extend(u32::try_from(message.len()).expect("bounded").to_be_bytes());
    out.extend(message);
}

async fn read(stream: &mut BufReader<OwnedReadHalf>) -> anyhow::Result<(u32, Vec<u8>)> {
    let document = stream.read_u32().await?;
    let length = stream.read_u32().await? as usize;
    let mut message = vec![0; length];
    stream.read_exact(&mut message).await?;
    Ok((document, message))
}

/// A connection whose ends are read and written on tasks of their own.
struct Connection {
    incoming: mpsc::UnboundedReceiver<(u32, Vec<u8>)>,
    outgoing: mpsc::UnboundedSender<Vec<u8>>,
}

impl Connection {
    fn new(stream: TcpStream) -> anyhow::Result<Self> {
        stream.set_nodelay(true)?;
        let (reader, mut writer) = stream.into_split();
        let mut reader = BufReader::with_capacity(BUFFER_BYTES, reader);
        let (outgoing, mut to_write) = mpsc::unbounded_channel::<Vec<u8>>();
        let (read_in, incoming) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(bytes) = to_write.recv().await {
                if writer.write_all(&bytes).await.is_err() {
                    return;
                }
            }
        });
        tokio::spawn(async move {
            while let Ok(framed) = read(&mut reader).await {
                if read_in.send(framed).is_err() {
                    return;
                }
            }
        });
        Ok(Self { incoming, outgoing })
    }
}

async fn serve(corpus: Vec<Record>, port: u16) -> anyhow::Result<()> {
    let mut node = Node::load(&corpus);
    drop(corpus);
    let mut commands = peers::commands();
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    peers::say(&json!({"event": "ready"}));
    let mut open: Option<Connection> = None;
    loop {
        tokio::select! {
            command = commands.recv() => match command {
                Some(Command::Add(count)) => {
                    node.add(count);
                    peers::say(&json!({"event": "added"}));
                }
                Some(Command::Sync) => {}
                Some(Command::Quit) | None => return Ok(()),
            },
            accepted = listener.accept() => {
                node.reconnect();
                let connection = Connection::new(accepted?.0)?;
                let mut out = Vec::new();
                let count = u32::try_from(node.documents.len())?;
                frame(&mut out, COUNT, &count.to_be_bytes());
                out.extend(node.all_messages());
                connection.outgoing.send(out)?;
                open = Some(connection);
            }
            message = next(&mut open) => match message {
                Some((document, bytes)) => {
                    node.receive(document, &bytes)?;
                    if let (Some(message), Some(connection)) = (node.message(document), &open) {
                        let mut out = Vec::new();
                        frame(&mut out, document, &message);
                        connection.outgoing.send(out)?;
                    }
                }
                None => open = None,
            },
        }
    }
}

async fn next(open: &mut Option<Connection>) -> Option<(u32, Vec<u8>)> {
    match open {
        Some(connection) => connection.incoming.recv().await,
        None => std::future::pending().await,
    }
}

async fn fetch(node: &mut Node, port: u16) -> anyhow::Result<()> {
    node.reconnect();
    let since = Instant::now();
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let mut connection = Connection::new(stream)?;
    let mut total = usize::MAX;
    let mut even = BTreeSet::new();
    let mut out = Vec::new();
    while let Some((document, bytes)) = connection.incoming.recv().await {
        if document == COUNT {
            total = u32::from_be_bytes(bytes[..4].try_into()?) as usize;
            out.extend(node.all_messages());
        } else {
            node.receive(document, &bytes)?;
            if let Some(message) = node.message(document) {
                frame(&mut out, document, &message);
            }
            if node.is_even(document) {
                even.insert(document);
            } else {
                even.remove(&document);
            }
        }
        if !out.is_empty() && (connection.incoming.is_empty() || out.len() > BUFFER_BYTES) {
            connection.outgoing.send(std::mem::take(&mut out))?;
        }
        if even.len() >= total {
            break;
        }
    }
    peers::say_synced(since, node.records());
    // The last message is on its way while the streams are still open.
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    Ok(())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let start = peers::start()?;
    match start.role {
        Role::Serve { corpus } => serve(corpus, start.port).await,
        Role::Sync { .. } => {
            let mut node = Node::default();
            let mut commands = peers::commands();
            peers::say(&json!({"event": "ready"}));
            while let Some(Command::Sync) = commands.recv().await {
                fetch(&mut node, start.port).await?;
            }
            Ok(())
        }
    }
}
