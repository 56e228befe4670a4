//! samod: Automerge documents with its own repository, storage in files, and its sync over TCP. The
//! environment's `SAMOD_THREADPOOL` chooses its other way to run documents.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ROOT, ReadDoc};
use futures::future::join_all;
use peers::{Command, Record, Role};
use samod::storage::{Storage, StorageKey, TokioFilesystemStorage};
use samod::{
    BackoffConfig, ConcurrencyConfig, DocHandle, DocumentId, Repo, Transport, Url, tokio_io,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const LOOK_PAUSE: Duration = Duration::from_millis(1);
const PATIENCE: Duration = Duration::from_secs(120);

/// Storage that counts what is being written, so that an end knows when all of it was.
#[derive(Clone, Debug)]
struct Counted {
    files: TokioFilesystemStorage,
    under_way: Arc<AtomicUsize>,
    written: Arc<AtomicUsize>,
}

impl Storage for Counted {
    fn load(&self, key: StorageKey) -> impl Future<Output = Option<Vec<u8>>> + Send {
        Storage::load(&self.files, key)
    }

    fn load_range(
        &self,
        key: StorageKey,
    ) -> impl Future<Output = HashMap<StorageKey, Vec<u8>>> + Send {
        Storage::load_range(&self.files, key)
    }

    fn put(&self, key: StorageKey, bytes: Vec<u8>) -> impl Future<Output = ()> + Send {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        let writing = Storage::put(&self.files, key, bytes);
        let (under_way, written) = (self.under_way.clone(), self.written.clone());
        async move {
            writing.await;
            written.fetch_add(1, Ordering::SeqCst);
            under_way.fetch_sub(1, Ordering::SeqCst);
        }
    }

    fn delete(&self, key: StorageKey) -> impl Future<Output = ()> + Send {
        Storage::delete(&self.files, key)
    }
}

fn write(document: &mut Automerge, author: usize, key: &str, text: &str) {
    let mut actor = [0xAB; 16];
    actor[..8].copy_from_slice(&(author as u64).to_be_bytes());
    document.set_actor(ActorId::from(actor.to_vec()));
    let mut transaction = document.transaction();
    transaction
        .put(ROOT, key, text)
        .expect("a map takes a text");
    transaction.commit();
}

fn records(handles: &[DocHandle]) -> usize {
    handles
        .iter()
        .map(|handle| handle.with_document(|document| document.length(ROOT)))
        .sum()
}

async fn serve(repository: Repo, corpus: Vec<Record>, port: u16) -> anyhow::Result<()> {
    let mut documents = vec![Automerge::new(); peers::documents(&corpus)];
    for record in &corpus {
        let key = format!("r{}", record.number);
        write(
            &mut documents[record.document],
            record.author,
            &key,
            &record.text,
        );
    }
    drop(corpus);
    let mut handles = Vec::new();
    for document in documents {
        handles.push(repository.create(document).await?);
    }
    let acceptor = repository.make_acceptor(Url::parse(&format!("tcp://127.0.0.1:{port}"))?)?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if stream.set_nodelay(true).is_ok() {
                let _refused = acceptor.accept(Transport::from_tokio_io(stream));
            }
        }
    });
    let names: Vec<String> = handles
        .iter()
        .map(|handle| handle.document_id().to_string())
        .collect();
    let mut total = records(&handles);
    peers::say(&json!({"event": "ready", "documents": names, "records": total}));
    let mut commands = peers::commands();
    while let Some(Command::Add(count)) = commands.recv().await {
        for index in 0..count {
            total += 1;
            let text = peers::later_text(total);
            handles[index * 197 % handles.len()].with_document(|document| {
                write(document, index * 13 % 200, &format!("x{total}"), &text);
            });
        }
        peers::say(&json!({"event": "added"}));
    }
    Ok(())
}

async fn fetch(
    repository: &Repo,
    storage: &Counted,
    names: &[DocumentId],
    handles: &mut Vec<DocHandle>,
    wanted: usize,
    port: u16,
) -> anyhow::Result<()> {
    let since = Instant::now();
    let dialer = tokio_io::TcpDialer::new_host_port("127.0.0.1".to_owned(), port);
    let dialling = repository.dial(BackoffConfig::default(), Arc::new(dialer))?;
    dialling
        .established()
        .await
        .map_err(|error| anyhow::anyhow!("no connection: {error:?}"))?;
    let connection = dialling.connection_id().expect("it is established");
    if handles.is_empty() {
        for found in join_all(names.iter().map(|name| repository.find(name.clone()))).await {
            handles.push(found?.ok_or_else(|| anyhow::anyhow!("a document was not found"))?);
        }
    }
    join_all(
        handles
            .iter()
            .map(|handle| handle.we_have_their_changes(connection)),
    )
    .await;
    let stored = || {
        storage.under_way.load(Ordering::SeqCst) == 0
            && storage.written.load(Ordering::SeqCst) >= names.len()
            && records(handles) >= wanted
    };
    while !stored() && since.elapsed() < PATIENCE {
        tokio::time::sleep(LOOK_PAUSE).await;
    }
    peers::say_synced(since, records(handles));
    tokio::time::sleep(Duration::from_millis(50)).await;
    dialling.close();
    tokio::time::sleep(Duration::from_millis(100)).await;
    Ok(())
}

fn names(ready: &Value) -> anyhow::Result<Vec<DocumentId>> {
    let listed = ready["documents"].as_array().into_iter().flatten();
    listed
        .map(|name| {
            let name = name.as_str().unwrap_or_default();
            name.parse()
                .map_err(|_| anyhow::anyhow!("{name} names no document"))
        })
        .collect()
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let start = peers::start()?;
    let storage = Counted {
        files: TokioFilesystemStorage::new(&start.folder),
        under_way: Arc::default(),
        written: Arc::default(),
    };
    let mut builder = Repo::build_tokio().with_storage(storage.clone());
    if std::env::var_os("SAMOD_THREADPOOL").is_some() {
        let pool = rayon::ThreadPoolBuilder::new().build()?;
        builder = builder.with_concurrency(ConcurrencyConfig::Threadpool(pool));
    }
    let repository = builder.load().await;
    match start.role {
        Role::Serve { corpus } => serve(repository, corpus, start.port).await,
        Role::Sync { ready } => {
            let names = names(&ready)?;
            let wanted = usize::try_from(ready["records"].as_u64().unwrap_or(0))?;
            let mut handles = Vec::new();
            let mut commands = peers::commands();
            peers::say(&json!({"event": "ready"}));
            while let Some(Command::Sync) = commands.recv().await {
                fetch(
                    &repository,
                    &storage,
                    &names,
                    &mut handles,
                    wanted,
                    start.port,
                )
                .await?;
            }
            Ok(())
        }
    }
}
