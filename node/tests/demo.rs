//! The demonstration: as the library makes it, and as the program that a person starts and breaks
//! off. Nothing of it may be left, whichever way it ends.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use node::demo::Neighbourhood;
use protocol::api::{Answer, DocumentView, Draft, ListQuery, Request, Status, WaitingReason};
use protocol::id::{EntryId, MemberId};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;
use tui::client::Client;
use tui::language::Language;

/// How long anything may take before it counts as a hang.
const PATIENCE: Duration = Duration::from_secs(120);

async fn status(client: &Client) -> Status {
    match client.call(Request::Status).await.expect("an answer") {
        Answer::Status(status) => *status,
        other => panic!("{other:?}"),
    }
}

async fn documents(client: &Client) -> Vec<DocumentView> {
    let list = Request::List(ListQuery::default());
    match client.call(list).await.expect("an answer") {
        Answer::Documents { items, next, .. } => {
            assert_eq!(next, None, "they fit one list");
            items
        }
        other => panic!("{other:?}"),
    }
}

async fn post(client: &Client, title: &str) -> EntryId {
    let draft = Draft {
        kind: "request".to_owned(),
        fields: BTreeMap::from([("title".to_owned(), json!(title))]),
    };
    match client.call(Request::Post(draft)).await.expect("an answer") {
        Answer::Written { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

fn clients(neighbourhood: &Neighbourhood) -> Vec<Client> {
    let households = neighbourhood.households().iter();
    let places = households.chain([neighbourhood.relay()]);
    let clients = places.map(|place| Client::connect(&place.socket).expect("a node").settled());
    clients.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stories_of_both_languages_come_to_the_same_states() {
    let mut told = Vec::new();
    for language in [Language::Chinese, Language::English] {
        let neighbourhood = Neighbourhood::start(language).await.expect("a demo");
        neighbourhood.tell().await.expect("its stories");
        let clients = clients(&neighbourhood);
        assert_eq!(clients.len(), 5);
        let mut digests = BTreeSet::new();
        for client in &clients {
            let status = status(client).await;
            assert!(!status.pending);
            digests.insert((status.frontier_digest, status.view_digest));
        }
        assert_eq!(digests.len(), 1, "all five hold and show the same");
        let documents = documents(&clients[0]).await;
        let states: Vec<(String, String)> = documents
            .iter()
            .map(|document| {
                let state = document.state.clone().unwrap_or_default();
                (document.kind.clone(), state)
            })
            .collect();
        told.push(states);
        trust_is_shown(&clients).await;
        a_household_without_a_device_is_shown(&clients, &documents).await;
        let comments: u32 = documents.iter().map(|document| document.comments).sum();
        assert!(comments >= 20);
        let folder = neighbourhood.folder().to_owned();
        neighbourhood.stop().await.expect("its end");
        assert!(!folder.exists());
    }
    assert_eq!(told[0], told[1]);
    let count = |kind: &str| told[0].iter().filter(|(of, _)| of == kind).count();
    assert_eq!(
        (count("notice"), count("request"), count("plan")),
        (6, 14, 2),
        "the hidden notice is listed nowhere"
    );
    assert_eq!(count("agreement"), 1);
    let states: BTreeSet<&str> = told[0].iter().map(|(_, state)| state.as_str()).collect();
    for state in [
        "open",
        "offered",
        "matched",
        "in-progress",
        "done",
        "confirmed",
        "cancelled",
        "double-booked",
        "corrected",
        "planning",
    ] {
        assert!(states.contains(state), "{state} of {states:?}");
    }
}

/// What the founder, as whom the demonstration begins, finds of trust.
async fn trust_is_shown(clients: &[Client]) {
    let founder = &clients[0];
    let status = status(founder).await;
    let me = status.member.expect("a household").id;
    let Ok(Answer::Agreement { agreement }) = founder.call(Request::Agreement).await else {
        panic!("no agreement");
    };
    let agreement = agreement.expect("one is in force");
    assert!(agreement.is_signed && agreement.signed.len() == 3);
    assert_eq!(agreement.unsigned.len(), 1);

    let Ok(Answer::Moderations { moderations }) = founder.call(Request::Moderations).await else {
        panic!("no log");
    };
    let [hidden] = moderations.as_slice() else {
        panic!("{moderations:?}");
    };
    assert_eq!(hidden.state, "appealed");
    assert_eq!(hidden.acted_as.capacity, "steward");
    assert!(hidden.by.id != me && hidden.member.id != me);
    let Ok(Answer::Today(today)) = founder.call(Request::Today).await else {
        panic!("no day");
    };
    let mut waiting = today.waiting.iter();
    let waits = waiting.any(|waiting| waiting.why == WaitingReason::DecideAppeal);
    assert!(waits, "the appeal waits for another steward");

    let Ok(Answer::Motions { motions, .. }) = founder.call(Request::Motions).await else {
        panic!("no motions");
    };
    let open: Vec<_> = motions.iter().filter(|one| one.state == "open").collect();
    assert_eq!(open.len(), 1, "{motions:?}");
    assert!(!open[0].complete && open[0].by.id != me);

    let documents = documents(founder).await;
    let spoken = documents
        .iter()
        .any(|document| document.fields.contains_key("capacity") && document.author.id != me);
    assert!(spoken, "an office's spokesperson speaks for it");
    let mut readers = 0;
    for document in documents.iter().filter(|one| one.kind == "request") {
        for (number, client) in clients[..4].iter().enumerate() {
            let document = document.id;
            let told = client.call(Request::Details { document }).await;
            let Ok(Answer::Details { details }) = told else {
                panic!("{told:?}");
            };
            let read = details
                .iter()
                .filter(|detail| detail.text.is_some())
                .count();
            assert!(number > 0 || read == 0, "the founder is no helper there");
            readers += read;
        }
    }
    assert_eq!(readers, 2, "the one who asks and the one who helps");
}

/// What every node shows of a household without a device: who acts for it, and what for.
async fn a_household_without_a_device_is_shown(clients: &[Client], documents: &[DocumentView]) {
    let mut acting = Vec::new();
    for client in &clients[..4] {
        let told = client.call(Request::Roster).await.expect("an answer");
        let Answer::Roster(roster) = told else {
            panic!("no roster");
        };
        let [recorded] = roster.recorded.as_slice() else {
            panic!("{:?}", roster.recorded);
        };
        let proxies: Vec<MemberId> = recorded.acting().map(|proxy| proxy.member.id).collect();
        let me = status(client).await;
        let mine = me.me.expect("a standing").acts_for;
        let id = me.member.expect("a household").id;
        assert_eq!(!mine.is_empty(), proxies.contains(&id));
        acting.extend((!mine.is_empty()).then_some(id));
        let asked: Vec<_> = documents
            .iter()
            .filter(|view| view.kind == "request" && view.for_household.is_some())
            .collect();
        let [asked] = asked.as_slice() else {
            panic!("{asked:?}");
        };
        assert!(proxies.contains(&asked.author.id));
        let household = asked.for_household.as_ref().expect("one");
        assert_eq!(
            (household.id, &household.name),
            (recorded.id, &recorded.name)
        );
        assert!(!household.name.is_empty());
    }
    assert_eq!(acting.len(), 1, "one of the four acts for it");
    let acknowledged = documents.iter().any(|view| {
        let given = view
            .fields
            .get("acknowledgements")
            .and_then(Value::as_array);
        let mut given = given.into_iter().flatten();
        given.any(|fact| fact.get("for_household").is_some())
    });
    assert!(acknowledged, "a notice was acknowledged for it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_household_that_was_cut_off_agrees_with_the_others_when_it_is_back() {
    let neighbourhood = Neighbourhood::start(Language::English).await;
    let neighbourhood = neighbourhood.expect("a demo");
    let clients = clients(&neighbourhood);
    neighbourhood
        .set_network(0, false)
        .await
        .expect("it is one");
    while status(&clients[0]).await.peers > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let here = post(&clients[0], "Written while cut off").await;
    let there = post(&clients[1], "Written by the others").await;
    let has = async |client: &Client, id: EntryId| {
        let documents = documents(client).await;
        documents.iter().any(|document| document.id == id.into())
    };
    // The others still reach each other, so by then the cut one would have heard of it too.
    while !has(&clients[2], there).await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!has(&clients[0], there).await);
    assert!(!has(&clients[2], here).await);
    neighbourhood.set_network(0, true).await.expect("it is one");
    neighbourhood.agreed().await.expect("they agree");
    assert!(has(&clients[0], there).await);
    assert!(has(&clients[2], here).await);
    let folder = neighbourhood.folder().to_owned();
    // As a panic would: nobody waits for the nodes.
    drop(neighbourhood);
    assert!(!folder.exists());
}

/// The program, in a temporary folder of its own.
struct Demo {
    temporary: TempDir,
    child: Child,
}

impl Demo {
    fn start(arguments: &[&str]) -> Self {
        let temporary = TempDir::new().expect("a folder");
        let child = command(temporary.path())
            .arg("demo")
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        Self { temporary, child }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        let stdout = self.child.stdout.as_mut().expect("its output");
        let read = BufReader::new(stdout).read_line(&mut line);
        read.expect("its announcement");
        line
    }

    fn send(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it lives");
    }

    fn is_empty(&self) -> bool {
        let mut left = std::fs::read_dir(self.temporary.path()).expect("the folder");
        left.next().is_none()
    }

    fn end(&mut self) -> Option<i32> {
        self.child.wait().expect("its end").code()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn command(temporary: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command
        .env_clear()
        .env("TMPDIR", temporary)
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}

#[test]
fn a_script_finds_five_nodes_that_agree_and_nothing_when_it_has_ended() {
    let mut demo = Demo::start(&["--json", "--lang", "zh"]);
    let said: Value = serde_json::from_str(&demo.line()).expect("JSON");
    let households = said["households"].as_array().expect("the households");
    assert_eq!(households.len(), 4);
    let mut digests = BTreeSet::new();
    for place in households.iter().chain([&said["relay"]]) {
        let home = place["home"].as_str().expect("a home");
        assert!(Path::new(home).starts_with(demo.temporary.path()));
        let status = command(demo.temporary.path())
            .args(["--home", home, "status", "--json"])
            .output()
            .expect("the program");
        let status: Value = serde_json::from_slice(&status.stdout).expect("JSON");
        assert_eq!(status["neighbourhood"], said["neighbourhood"]);
        digests.insert(status["frontier_digest"].to_string());
    }
    assert_eq!(digests.len(), 1);
    demo.send(Signal::INT);
    assert_eq!(demo.end(), Some(0));
    assert!(demo.is_empty());
}

#[test]
fn whoever_breaks_off_while_it_begins_finds_nothing_either() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut demo = Demo::start(&["--lang", "en"]);
        let begun = Instant::now();
        while demo.is_empty() {
            assert!(begun.elapsed() < PATIENCE, "it does not begin");
            std::thread::sleep(Duration::from_millis(5));
        }
        demo.send(signal);
        assert_eq!(demo.end(), Some(0));
        assert!(demo.is_empty());
    }
}
