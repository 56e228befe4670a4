//! Cold sync: an empty end fetches everything that the other holds. Ours between two nodes over
//! libp2p, the peers' in their own ways, one after the other in each run.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::listener::{Listener, is_in_step};
use super::machine::{self, Measured};
use super::peer::{self, Peer};
use super::template::Template;
use super::wire::{self, Counting};
use super::{BenchError, Options, PATIENCE, empty_folder, label};
use crate::process::{Home, until};

/// Where nodes listen: on a port that the system chooses.
const LISTEN: [&str; 2] = ["--listen", "/ip4/127.0.0.1/tcp/0"];
/// Asking has the node project before it answers, so it is seldom asked.
const LOOK_PAUSE: Duration = Duration::from_millis(100);
const PAGE: usize = 500;

/// Runs it: ours and every peer that was built, so often.
///
/// # Errors
///
/// When a run's folder cannot be made; what goes wrong in a run stands in its row.
pub fn run(
    options: &Options,
    counting: Counting,
    mut each: impl FnMut(&Value),
) -> Result<Vec<Value>, BenchError> {
    let template = Template::of_corpus(&options.work, options.corpus)?;
    let mut rows = Vec::new();
    for run in 0..options.runs {
        for system in std::iter::once(None).chain(peer::ALL.iter().map(Some)) {
            let name = system.map_or("linli", |peer| peer.name);
            let folder = empty_folder(options, name)?;
            let load = machine::load();
            let result = match system {
                None => ours(&template, &folder, counting),
                Some(peer) => theirs(peer, options.peers.as_deref(), &template, &folder, counting),
            };
            let mut row = match result {
                Ok(row) => row,
                Err(error) => json!({"error": error.to_string()}),
            };
            label(&mut row, "cold-sync", name, run, load);
            each(&row);
            rows.push(row);
            let _left_behind = std::fs::remove_dir_all(&folder);
        }
    }
    Ok(rows)
}

/// Returns a row's figures that every system has.
pub fn figures(records: u64, durable: Duration, bytes: Option<u64>) -> Value {
    let per_record = |bytes: u64| machine::round(bytes as f64 / records as f64);
    json!({
        "records": records,
        "durable_ms": ms(durable),
        "durable_records_per_s": (records as f64 / durable.as_secs_f64()).round(),
        "bytes": bytes,
        "bytes_per_record": bytes.map(per_record),
    })
}

/// Returns milliseconds.
pub fn ms(duration: Duration) -> f64 {
    machine::round(duration.as_secs_f64() * 1e3)
}

fn theirs(
    peer: &Peer,
    programs: Option<&Path>,
    template: &Template,
    folder: &Path,
    counting: Counting,
) -> Result<Value, BenchError> {
    let Some(programs) = programs else {
        let how = "cargo build --release --manifest-path tests/peers/Cargo.toml";
        return Err(BenchError::Skipped(format!(
            "the peers are not built: {how}"
        )));
    };
    let a = folder.join("a");
    let b = folder.join("b");
    std::fs::create_dir_all(&a)?;
    std::fs::create_dir_all(&b)?;
    let port = std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port();
    let server = peer.start(programs, "serve", &a, port, &template.corpus())?;
    let ready = server.wait("ready")?;
    let ready_file = folder.join("ready.json");
    std::fs::write(&ready_file, ready.to_string())?;
    let mut client = peer.start(programs, "sync", &b, port, &ready_file)?;
    client.wait("ready")?;
    machine::settle(&[server.pid(), client.pid()]);
    let sender = Measured::begin(server.pid());
    let receiver = Measured::begin(client.pid());
    let before = wire::bytes(counting);
    client.tell("sync")?;
    let synced = client.wait("synced")?;
    let bytes = wire::bytes_since(counting, before);
    let took = Duration::from_secs_f64(synced["ms"].as_f64().unwrap_or(f64::MAX) / 1e3);
    let records = synced["records"].as_u64().unwrap_or(0);
    if records != template.count("records") {
        let what = format!("{} holds {records} records", peer.name);
        return Err(BenchError::Failed(what));
    }
    let mut row = figures(records, took, bytes);
    row["sender"] = sender.used();
    row["receiver"] = receiver.used();
    Ok(row)
}

/// Two nodes that were never connected.
pub struct Pair {
    /// Holds everything.
    pub a: Home,
    /// Holds nothing but the roster at its joining.
    pub b: Home,
}

impl Pair {
    /// Copies a template's homes and starts their nodes.
    ///
    /// # Errors
    ///
    /// When they cannot be copied.
    pub fn start(template: &Template, folder: &Path) -> Result<Self, BenchError> {
        let mut a = template.copy("a", folder)?;
        let mut b = template.copy("b", folder)?;
        a.start(&LISTEN);
        b.start(&LISTEN);
        machine::settle(&[a.pid(), b.pid()]);
        Ok(Self { a, b })
    }

    /// Has the second dial an address of the first.
    ///
    /// # Errors
    ///
    /// When it refuses.
    pub fn dial(&self, address: &str) -> Result<(), BenchError> {
        let peer = json!({"address": address});
        match self.b.request("POST", "/v1/peers", Some(&peer))? {
            (200, _) => Ok(()),
            (_, refusal) => Err(BenchError::Failed(refusal.to_string())),
        }
    }

    /// Connects both and waits until they hold and show the same.
    ///
    /// # Errors
    ///
    /// When they do not.
    pub fn sync(&self) -> Result<(Duration, Duration), BenchError> {
        let listener = Listener::open(self.b.path())?;
        let address = listening(&self.a);
        let since = Instant::now();
        self.dial(&address)?;
        let mut last_shown = since;
        let durable = listener.wait("everything is durable", |event| {
            if event["event"] == "documents" {
                last_shown = Instant::now();
            }
            is_in_step(event)
        })?;
        while self.b.status()["unprojected"] != 0 {
            if since.elapsed() > PATIENCE {
                return Err(BenchError::Hung("everything is shown".to_owned()));
            }
            std::thread::sleep(LOOK_PAUSE);
        }
        while let Some((at, event)) = listener.next(Duration::ZERO)? {
            if event["event"] == "documents" {
                last_shown = last_shown.max(at);
            }
        }
        let shown = last_shown.max(durable);
        Ok((durable.duration_since(since), shown.duration_since(since)))
    }
}

/// Returns an address on which a node listens.
pub fn listening(home: &Home) -> String {
    let mut address = String::new();
    until("the node listens", || {
        let status = home.status();
        let listening = status["listening"].as_array().and_then(|all| all.first());
        address = listening.and_then(Value::as_str).unwrap_or("").to_owned();
        !address.is_empty()
    });
    address
}

fn ours(template: &Template, folder: &Path, counting: Counting) -> Result<Value, BenchError> {
    let pair = Pair::start(template, folder)?;
    let sender = Measured::begin(pair.a.pid());
    let receiver = Measured::begin(pair.b.pid());
    let before = wire::bytes(counting);
    let (durable, shown) = pair.sync()?;
    let bytes = wire::bytes_since(counting, before);
    let used = (sender.used(), receiver.used());
    let (here, there) = (pair.b.status(), pair.a.status());
    for what in ["entries", "frontier_digest", "view_digest"] {
        if here[what] != there[what] {
            let said = format!("{what}: {} there, {} here", there[what], here[what]);
            return Err(BenchError::Failed(said));
        }
    }
    let listed = listed(&pair.b)?;
    if listed != template.count("documents") {
        let what = format!("{listed} documents are listed");
        return Err(BenchError::Failed(what));
    }
    let records = template.count("records");
    let mut row = figures(records, durable, bytes);
    row["shown_ms"] = json!(ms(shown));
    row["shown_records_per_s"] = json!((records as f64 / shown.as_secs_f64()).round());
    row["sender"] = used.0;
    row["receiver"] = used.1;
    Ok(row)
}

/// Counts what `list` shows.
fn listed(home: &Home) -> Result<u64, BenchError> {
    let mut count = 0;
    let mut after = String::new();
    loop {
        let path = format!("/v1/documents?kind=requests&limit={PAGE}{after}");
        let (_, page) = home.request("GET", &path, None)?;
        count += page["items"].as_array().map_or(0, Vec::len) as u64;
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return Ok(count),
        }
    }
}
