//! What a front end asks of a running node: two homes, their nodes, and the client that the front
//! end uses. Everything is asked as a front end asks it, and nothing looks into a home but at its
//! settings.

mod peers;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use protocol::api::{
    AmbiguousWidth, Answer, BegunDraft, ChangeStatus, Counts, DocumentView, Draft,
    EmergencyNumbers, Event, History, Language, ListOrder, ListQuery, PeerView, PieceKind, Refusal,
    Request, SavedDraft, Settings, Status, Theme, Today, WaitingReason,
};
use protocol::id::{DocumentId, EntryId};
use serde_json::{Value, json};
use tempfile::TempDir;
use tui::client::{Client, ClientError};

/// How long anything may take before it counts as a hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// A home with its running node.
struct Home {
    path: PathBuf,
    node: Option<Child>,
    client: Client,
    address: String,
}

impl Home {
    /// Runs the node of a home that was set up.
    async fn run(path: PathBuf, dial: Option<&str>) -> Self {
        let mut command = program(&path);
        let listen = "/ip4/127.0.0.1/tcp/0";
        command.args(["node", "--listen", listen, "--no-mdns", "--json"]);
        command.args(dial.iter().flat_map(|address| ["--dial", address]));
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("its announcement");
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?}"));
        let socket = tui::client::socket_path(&path);
        Self {
            client: Client::connect(&socket).expect("a client").settled(),
            address: said["listening"][0].as_str().expect("it").to_owned(),
            path,
            node: Some(child),
        }
    }

    /// Kills the node as a power cut would, and runs it anew.
    async fn after_a_power_cut(mut self) -> Self {
        self.cut_power();
        Self::run(self.path.clone(), None).await
    }

    fn cut_power(&mut self) {
        let mut child = self.node.take().expect("it runs");
        child.kill().expect("to be killed");
        child.wait().expect("its end");
    }

    async fn ask(&self, request: Request) -> Answer {
        let answer = self.client.call(request.clone()).await;
        answer.unwrap_or_else(|error| panic!("{request:?}: {error:?}"))
    }

    async fn refused(&self, request: Request) -> Refusal {
        match self.client.call(request.clone()).await {
            Err(ClientError::Refused(refusal)) => refusal,
            other => panic!("{request:?}: {other:?}"),
        }
    }

    async fn post(&self, kind: &str, fields: Value) -> DocumentId {
        let draft = Draft {
            kind: kind.to_owned(),
            fields: fields_of(fields),
        };
        match self.ask(Request::Post(draft)).await {
            Answer::Written { id, .. } => id.into(),
            other => panic!("{other:?}"),
        }
    }

    /// Edits, and returns the new heads and the merged text.
    async fn edit(
        &self,
        document: DocumentId,
        fields: Value,
        base: &[EntryId],
    ) -> (Vec<EntryId>, Option<String>) {
        let request = Request::Edit {
            document,
            fields: fields_of(fields),
            base: base.to_vec(),
        };
        match self.ask(request).await {
            Answer::Written { heads, texts, .. } => (heads, texts.get("text").cloned()),
            other => panic!("{other:?}"),
        }
    }

    async fn list(&self, query: ListQuery) -> Vec<DocumentView> {
        match self.ask(Request::List(query)).await {
            Answer::Documents { items, .. } => items,
            other => panic!("{other:?}"),
        }
    }

    async fn show(&self, document: DocumentId) -> Option<(DocumentView, Vec<DocumentView>)> {
        match self.client.call(Request::Show { document }).await {
            Ok(Answer::Document { document, comments }) => Some((*document, comments)),
            Err(ClientError::Refused(_)) => None,
            other => panic!("{other:?}"),
        }
    }

    async fn text(&self, document: DocumentId) -> String {
        let shown = self.show(document).await.expect("it is here").0;
        shown.fields["text"].as_str().expect("text").to_owned()
    }

    async fn today(&self) -> Today {
        match self.ask(Request::Today).await {
            Answer::Today(today) => *today,
            other => panic!("{other:?}"),
        }
    }

    async fn waiting(&self) -> Vec<(DocumentId, WaitingReason)> {
        let waiting = self.today().await.waiting.into_iter();
        waiting
            .map(|waiting| (waiting.document.id, waiting.why))
            .collect()
    }

    async fn unread(&self) -> Vec<DocumentId> {
        let query = ListQuery {
            unread: true,
            ..ListQuery::default()
        };
        self.list(query).await.iter().map(|item| item.id).collect()
    }

    async fn mark_read(&self, documents: &[DocumentId]) -> Counts {
        let request = Request::MarkRead {
            documents: documents.to_vec(),
            everything: false,
        };
        match self.ask(request).await {
            Answer::Counts(counts) => counts,
            other => panic!("{other:?}"),
        }
    }

    async fn history(&self, document: DocumentId) -> History {
        match self.ask(Request::History { document }).await {
            Answer::History(history) => *history,
            other => panic!("{other:?}"),
        }
    }

    async fn status(&self) -> Status {
        match self.ask(Request::Status).await {
            Answer::Status(status) => *status,
            other => panic!("{other:?}"),
        }
    }

    async fn peers(&self) -> Vec<PeerView> {
        match self.ask(Request::Peers).await {
            Answer::Peers { peers } => peers,
            other => panic!("{other:?}"),
        }
    }

    /// Waits, event by event, until the answer to a question is as it should be.
    async fn until<T>(&self, what: &str, holds: impl AsyncFn(&Self) -> Option<T>) -> T {
        let mut events = self.client.events().await.expect("a stream");
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                if let Some(found) = holds(self).await {
                    return found;
                }
                // What leads to no event of its own is looked at again after a while.
                let event = tokio::time::timeout(Duration::from_secs(1), events.next());
                if let Ok(event) = event.await {
                    let _event: Option<Event> = event.expect("an event");
                }
            }
        });
        waited.await.unwrap_or_else(|_| panic!("{what}"))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Some(mut child) = self.node.take() {
            let _ended = child.kill();
            let _reaped = child.wait();
        }
    }
}

fn program(home: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command.env_clear().stdin(Stdio::null());
    command.arg("--home").arg(home);
    command
}

/// Runs a command that must succeed, and returns the object that it prints.
fn run(home: &std::path::Path, arguments: &[&str]) -> Value {
    let begun = Instant::now();
    let output = program(home).args(arguments).output().expect("the program");
    assert!(
        output.status.success() && begun.elapsed() < PATIENCE,
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn fields_of(fields: Value) -> std::collections::BTreeMap<String, Value> {
    serde_json::from_value(fields).expect("an object")
}

/// A home that founded a neighbourhood.
async fn founder(folder: &TempDir) -> Home {
    let path = folder.path().join("lin");
    let found = ["init", "--household", "林家", "--found", "梧桐里", "--json"];
    run(&path, &[&found[..], &["--building", "3"]].concat());
    Home::run(path, None).await
}

/// A home that joined it.
async fn joiner(folder: &TempDir, founder: &Home) -> Home {
    let invited = run(&founder.path, &["invite", "--uses", "1", "--json"]);
    let invitation = invited["invitation"].as_str().expect("an invitation");
    let path = folder.path().join("chen");
    let join = ["join", invitation, "--household", "陈家", "--building", "5"];
    let dial = ["--dial", &founder.address, "--json"];
    run(&path, &[&join[..], &dial[..]].concat());
    Home::run(path, Some(&founder.address)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_and_settings_outlive_a_power_cut() {
    let folder = TempDir::new().expect("a folder");
    let lin = founder(&folder).await;
    let begun = |title: &str| BegunDraft {
        kind: "request".to_owned(),
        about: None,
        document: None,
        fields: fields_of(json!({"title": title, "places": 2})),
        base: vec![EntryId([3; 32])],
    };
    let put = async |home: &Home, id: &str, title: &str| {
        let (id, draft) = (id.to_owned(), begun(title));
        home.ask(Request::PutDraft { id, draft }).await
    };
    put(&lin, "new-request", "谁有梯").await;
    put(&lin, "other", "灯").await;
    put(&lin, "new-request", "谁有梯子？").await;
    let id = "other".to_owned();
    lin.ask(Request::RemoveDraft { id }).await;
    let chosen = Settings {
        language: Language::English,
        theme: Theme::HighContrast,
        ambiguous_width: AmbiguousWidth::Wide,
        ascii_borders: true,
        large_type: true,
        emergency_numbers: EmergencyNumbers::parse("112").expect("a number"),
    };
    lin.ask(Request::PutSettings(chosen)).await;

    let lin = lin.after_a_power_cut().await;
    let drafts = async |home: &Home| -> Vec<SavedDraft> {
        match home.ask(Request::Drafts).await {
            Answer::Drafts { drafts } => drafts,
            other => panic!("{other:?}"),
        }
    };
    let found = drafts(&lin).await;
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&*found[0].id, &found[0].draft),
        ("new-request", &begun("谁有梯子？"))
    );
    assert_eq!(lin.today().await.drafts, found);
    assert_eq!(lin.ask(Request::Settings).await, Answer::Settings(chosen));

    // Names that a path cannot hold, and more than anybody needs.
    for id in ["", "a b", "../x", &"a".repeat(97)] {
        let (id, draft) = (id.to_owned(), begun("x"));
        let refusal = lin.refused(Request::PutDraft { id, draft }).await;
        assert!(
            ["invalid", "not-found"].contains(&&*refusal.code),
            "{refusal:?}"
        );
    }
    let (id, draft) = ("long".to_owned(), begun(&"长".repeat(300_000)));
    let refusal = lin.refused(Request::PutDraft { id, draft }).await;
    assert_eq!(refusal.code, "too-large");
    for number in 1..200 {
        put(&lin, &format!("d{number}"), "x").await;
    }
    let (id, draft) = ("d200".to_owned(), begun("x"));
    let refusal = lin.refused(Request::PutDraft { id, draft }).await;
    assert_eq!(refusal.code, "invalid");
    put(&lin, "d7", "y").await;
    assert_eq!(drafts(&lin).await.len(), 200);

    // A resident's slip of the pen is said, and not written over.
    let file = lin.path.join("settings.toml");
    let text = std::fs::read_to_string(&file).expect("the settings");
    assert!(text.contains("theme = \"high-contrast\""), "{text}");
    std::fs::write(&file, "language = \"en\"\ncolour = \"red\"\n").expect("a file");
    for request in [Request::Settings, Request::PutSettings(chosen)] {
        let refusal = lin.refused(request).await;
        assert_eq!(refusal.code, "storage");
        assert!(refusal.message.contains("settings.toml"), "{refusal:?}");
    }
    std::fs::write(&file, "language = \"zh\"\ntheme = \"dark\"\n").expect("a file");
    let Answer::Settings(read) = lin.ask(Request::Settings).await else {
        panic!("no settings");
    };
    assert_eq!(
        (read.language, read.theme),
        (Language::Chinese, Theme::Dark)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_write_is_unread_and_what_they_ask_waits() {
    let folder = TempDir::new().expect("a folder");
    let lin = founder(&folder).await;
    let chen = joiner(&folder, &lin).await;
    let request = lin.post("request", json!({"title": "谁有梯子？"})).await;
    assert_eq!(lin.unread().await, [], "one's own writing is read");
    let arrived = async |home: &Home| (home.unread().await == [request]).then_some(());
    chen.until("the request arrives unread", arrived).await;
    let counts = chen.mark_read(&[request]).await;
    let of_requests = counts.kinds.iter().find(|kind| kind.kind == "request");
    let of_requests = of_requests.expect("requests are counted");
    assert_eq!(
        (of_requests.total, of_requests.unread, of_requests.mine),
        (1, 0, 0)
    );
    assert_eq!(of_requests.states.get("open"), Some(&1));
    assert!(chen.today().await.since_ms.is_some());
    let digest = chen.status().await.view_digest;

    // An offer: news for the requester, who has to choose; the helper's own doing.
    chen.edit(request, json!({"offers": {"body": "我家有"}}), &[])
        .await;
    assert_eq!(chen.unread().await, []);
    lin.until("the offer waits", async |home| {
        (home.waiting().await == [(request, WaitingReason::ChooseOffer)]).then_some(())
    })
    .await;
    assert_eq!(lin.unread().await, [request]);
    assert_eq!(lin.today().await.news[0].id, request);
    let mine = ListQuery {
        mine: true,
        states: vec!["open".to_owned(), "offered".to_owned()],
        order: ListOrder::Changed,
        ..ListQuery::default()
    };
    assert!(chen.list(mine.clone()).await[0].mine);
    let done = ListQuery {
        states: vec!["open".to_owned(), "done".to_owned()],
        ..mine
    };
    assert_eq!(chen.list(done).await, []);

    let shown = lin.show(request).await.expect("it is here").0;
    let offer = shown.fields["offers"][0]["id"].clone();
    lin.mark_read(&[request]).await;
    lin.edit(request, json!({"acceptances": {"offer": offer}}), &[])
        .await;
    assert_eq!(lin.waiting().await, []);
    chen.until("the acceptance waits", async |home| {
        (home.waiting().await == [(request, WaitingReason::ConfirmTime)]).then_some(())
    })
    .await;

    // A comment is news of what it is about, and no document of the lists.
    lin.mark_read(&[request]).await;
    chen.post("comment", json!({"about": request, "body": "几点？"}))
        .await;
    lin.until("the comment arrives", arrived).await;
    assert_eq!(lin.list(ListQuery::default()).await.len(), 1);
    let comments = lin.show(request).await.expect("it is here").1;
    assert!(comments[0].unread);
    lin.mark_read(&[request]).await;
    assert_eq!(lin.unread().await, []);

    // Marks are nobody else's business: the digests are those of equal stores.
    lin.until("both show the same", async |home| {
        let (one, other) = (home.status().await, chen.status().await);
        (one.view_digest == other.view_digest && one.view_digest != digest).then_some(())
    })
    .await;
    let request = Request::MarkRead {
        documents: Vec::new(),
        everything: true,
    };
    let before = chen.status().await.view_digest;
    chen.ask(request).await;
    assert_eq!(chen.unread().await, []);
    assert_eq!(chen.status().await.view_digest, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_written_by_two_at_once_and_tells_its_history() {
    let folder = TempDir::new().expect("a folder");
    let lin = founder(&folder).await;
    let chen = joiner(&folder, &lin).await;
    let fields = json!({"title": "中秋", "text": "晚上在广场赏月。"});
    let plan = lin.post("plan", fields).await;
    let shown = async |home: &Home| Some(home.show(plan).await?.0);
    let base = chen.until("the plan arrives", shown).await.heads;
    assert_eq!(base, lin.show(plan).await.expect("it").0.heads);

    // Both begin from the same text.
    let text = json!({"text": "晚上七点在广场赏月。"});
    lin.edit(plan, text.clone(), &base).await;
    chen.until("the first edit arrives", async |home| {
        (home.text(plan).await == "晚上七点在广场赏月。").then_some(())
    })
    .await;
    let apart = json!({"text": "晚上在花园赏月。"});
    let (heads, merged) = chen.edit(plan, apart.clone(), &base).await;
    assert_eq!(merged.as_deref(), Some("晚上七点在花园赏月。"));
    // The answer may have been lost: the same again changes nothing.
    assert_eq!(chen.edit(plan, apart, &base).await, (heads.clone(), merged));
    // The front end goes on from what it was answered.
    let (_, merged) = chen.edit(plan, json!({"text": "晚上赏月。"}), &heads).await;
    assert_eq!(merged.as_deref(), Some("晚上赏月。"));
    let foreign = Request::Edit {
        document: plan,
        fields: fields_of(text),
        base: vec![EntryId([9; 32])],
    };
    let refusal = lin.refused(foreign).await;
    assert_eq!(
        (&*refusal.code, refusal.field.as_deref()),
        ("invalid", Some("base"))
    );

    lin.until("the last edit arrives", async |home| {
        (home.text(plan).await == "晚上赏月。").then_some(())
    })
    .await;
    let history = lin.history(plan).await;
    let names: Vec<&str> = history
        .changes
        .iter()
        .map(|change| &*change.by.name)
        .collect();
    assert_eq!(names, ["林家", "林家", "陈家", "陈家"]);
    assert!(
        history
            .changes
            .iter()
            .all(|change| change.status == ChangeStatus::Counts)
    );
    let last = history.changes.last().expect("a change");
    let deleted = &last.texts[0].pieces;
    assert!(
        deleted.iter().all(|piece| piece.kind == PieceKind::Deleted),
        "{deleted:?}"
    );
    let restored = Request::Restore {
        document: plan,
        entry: last.entry,
    };
    let Answer::Written { texts, .. } = lin.ask(restored.clone()).await else {
        panic!("nothing was restored");
    };
    assert_eq!(texts["text"], "晚上七点在花园赏月。");
    lin.ask(restored).await;
    assert_eq!(lin.text(plan).await, "晚上七点在花园赏月。");
    let runs = &lin.history(plan).await.texts["text"];
    let whole: String = runs.iter().map(|run| &*run.text).collect();
    assert_eq!(whole, "晚上七点在花园赏月。");
    assert_eq!(runs[0].by.name, "林家");
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_learn_what_the_household_may_do_and_screens_how_fresh_a_peer_is() {
    let folder = TempDir::new().expect("a folder");
    let lin = founder(&folder).await;
    let chen = joiner(&folder, &lin).await;
    let me = lin.status().await.me.expect("a founder");
    assert!(me.founder && me.adds_offices && me.kind == "household");
    assert_eq!(me.invites_as.len(), 3);
    assert_eq!(me.notice_levels, ["ordinary", "important"]);
    assert!(me.appoints.contains(&"building-lead".to_owned()));
    assert_eq!(me.capacities, []);
    let member = lin.status().await.member.expect("a member").id;
    lin.ask(Request::Appoint {
        member,
        role: "building-lead".to_owned(),
        office: None,
        building: Some("3".to_owned()),
    })
    .await;
    let me = lin.status().await.me.expect("a building lead");
    assert_eq!(me.notice_levels, ["ordinary", "important", "urgent"]);
    let capacity = &me.capacities[0];
    assert_eq!(
        (&*capacity.role, capacity.building.as_deref()),
        ("building-lead", Some("3"))
    );
    assert!(capacity.urgent);

    let me = chen.status().await.me.expect("a household");
    assert!(!me.founder && !me.adds_offices);
    assert!(me.creates.contains(&"notice".to_owned()));

    let peer = chen
        .until("the founder's node is in step", async |home| {
            let peers = home.peers().await;
            peers
                .into_iter()
                .find(|peer| peer.in_step && peer.synced_ms.is_some())
        })
        .await;
    assert_eq!(
        (peer.kind.as_deref(), peer.building.as_deref()),
        (Some("home"), Some("3"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_that_is_chosen_is_the_nodes_at_once() {
    let folder = TempDir::new().expect("a folder");
    let lin = founder(&folder).await;
    let told = async || {
        let address = "no address".to_owned();
        lin.refused(Request::Dial { address }).await.message
    };
    let is_chinese =
        |text: &str| text.contains(|sign: char| ('\u{4E00}'..'\u{9FFF}').contains(&sign));
    let Answer::Settings(mut chosen) = lin.ask(Request::Settings).await else {
        panic!("no settings");
    };
    for (language, chinese) in [(Language::English, false), (Language::Chinese, true)] {
        chosen.language = language;
        lin.ask(Request::PutSettings(chosen)).await;
        let message = told().await;
        assert_eq!(is_chinese(&message), chinese, "{message}");
    }
    // What a resident changed in the file counts when it was read, and its comments stay.
    let file = lin.path.join("settings.toml");
    std::fs::write(&file, "# ours\nlanguage = \"en\" # for the guests\n").expect("a file");
    lin.ask(Request::Settings).await;
    assert!(!is_chinese(&told().await));
    chosen.language = Language::Chinese;
    lin.ask(Request::PutSettings(chosen)).await;
    let text = std::fs::read_to_string(&file).expect("the settings");
    assert!(
        text.starts_with("# ours\nlanguage = \"zh\" # for the guests\n"),
        "{text}"
    );
}
