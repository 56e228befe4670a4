//! The local interface against a fake core: what is asked arrives, what is wrong is refused, and
//! no client can hold up another.

use std::collections::BTreeMap;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::fake::FakeCore;
use node::api::{self, ApiServer, ServeError};
use node::core::Manner;
use protocol::api::{
    Answer, BackupLock, BegunDraft, Confidential, CutFrom, CutTarget, Draft, Event, ListOrder,
    ListQuery, ModerationOutcome, NewModeration, NewMotion, Refusal, Request,
};
use protocol::id::{DeviceId, DocumentId, EntryId, InvitationId, MemberId};
use protocol::invitation::InvitedAs;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tui::client::{Client, ClientError};
use tui::language::Language;

/// A folder that is removed when the test ends.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("linli-api-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

fn serve(home: &Home) -> (ApiServer, FakeCore, Client) {
    let (core, fake) = FakeCore::plain();
    let server = ApiServer::open(&home.0, core, Language::English).expect("a socket");
    let client = Client::connect(server.socket()).expect("a client");
    (server, fake, client)
}

/// Sends bytes and reads the answer to its end, or `None` when the connection just closed.
async fn raw(socket: &Path, bytes: &[u8]) -> Option<(u16, Value)> {
    let mut stream = UnixStream::connect(socket).await.expect("a connection");
    // A server that has already refused need not read the rest.
    let _refused_early = stream.write_all(bytes).await;
    read_answer(&mut stream).await
}

async fn read_answer(stream: &mut UnixStream) -> Option<(u16, Value)> {
    let mut text = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let count = stream.read(&mut chunk).await.unwrap_or(0);
        text.extend_from_slice(&chunk[..count]);
        let answer = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = answer.split_once("\r\n\r\n") {
            let status = head.split(' ').nth(1)?.parse().ok()?;
            if let Ok(body) = serde_json::from_str(body) {
                return Some((status, body));
            }
            if count == 0 {
                return Some((status, Value::Null));
            }
        }
        if count == 0 {
            return None;
        }
    }
}

fn every_request() -> Vec<Request> {
    let document = DocumentId([0xab; 32]);
    let fields: BTreeMap<String, Value> = [
        ("title".to_owned(), json!("谁有梯子？&x=1 #\n\"")),
        ("number".to_owned(), json!(7)),
    ]
    .into();
    let mut requests = vec![
        Request::Status,
        Request::Post(Draft {
            kind: "request".to_owned(),
            fields: fields.clone(),
        }),
        Request::Edit {
            document,
            fields: fields.clone(),
            base: Vec::new(),
        },
        Request::Edit {
            document,
            fields: fields.clone(),
            base: vec![EntryId([1; 32]), EntryId([2; 32])],
        },
        Request::History { document },
        Request::Restore {
            document,
            entry: EntryId([6; 32]),
        },
        Request::Details { document },
        Request::PutDetails {
            document,
            text: Confidential::new("门牌 3-502 & 电话".to_owned()),
        },
        Request::EraseDetails { document },
        Request::Doors,
        Request::PutDoor {
            text: Confidential::new("3-502 & 门铃坏了".to_owned()),
        },
        Request::EraseDoor,
        Request::Erase { document },
        Request::ShowHidden { document },
        Request::Acknowledgements { document },
        Request::Moderations,
        Request::Moderate(NewModeration::Hide {
            document,
            rule: 3,
            reason: "骂人".to_owned(),
        }),
        Request::Moderate(NewModeration::Mute {
            member: MemberId([4; 32]),
            rule: 999,
            reason: "刷屏".to_owned(),
        }),
        Request::Appeal {
            moderation: document,
            body: "不是".to_owned(),
        },
        Request::Decide {
            moderation: document,
            outcome: ModerationOutcome::Lifted,
            reason: "看过了".to_owned(),
        },
        Request::LiftModeration {
            moderation: document,
            reason: "弄错了".to_owned(),
        },
        Request::Agreement,
        Request::SignAgreement {
            agreement: document,
        },
        Request::Blocks,
        Request::Block {
            member: MemberId([4; 32]),
        },
        Request::Unblock {
            member: MemberId([4; 32]),
        },
        Request::Drafts,
        Request::PutDraft {
            id: "new-request_1".to_owned(),
            draft: BegunDraft {
                kind: "comment".to_owned(),
                about: Some(document),
                document: Some(document),
                fields,
                base: vec![EntryId([1; 32])],
            },
        },
        Request::RemoveDraft {
            id: "new-request_1".to_owned(),
        },
        Request::MarkRead {
            documents: vec![document],
            everything: false,
        },
        Request::MarkRead {
            documents: Vec::new(),
            everything: true,
        },
        Request::MarkUnread {
            documents: vec![document],
        },
        Request::Counts,
        Request::Today,
        Request::Settings,
        Request::PutSettings(crate::fake::SETTINGS),
        Request::List(ListQuery::default()),
        Request::List(ListQuery {
            kind: Some("notice".to_owned()),
            about: Some(document),
            states: vec!["open & 空".to_owned(), "done".to_owned()],
            category: Some("goods".to_owned()),
            building: Some("3号楼&4".to_owned()),
            unread: true,
            mine: true,
            order: ListOrder::Changed,
            limit: Some(7),
            after: Some("a/b?c=d%20e".to_owned()),
            prefix: Some("abab".to_owned()),
        }),
        Request::Show { document },
        Request::Search {
            words: "梯子 +-&=%".to_owned(),
            limit: 3,
        },
        Request::Roster,
        Request::Invite {
            successor_of: None,
            uses: 2,
            lifetime_ms: 3_600_000,
            invited_as: InvitedAs::Guest,
            addresses: vec!["/ip4/10.0.0.1/tcp/4101".to_owned()],
        },
        Request::Appoint {
            member: MemberId([7; 32]),
            role: "building-lead".to_owned(),
            office: Some(MemberId([8; 32])),
            building: Some("3".to_owned()),
        },
        Request::Promote {
            member: MemberId([7; 32]),
        },
        Request::AddOffice {
            name: "业委会".to_owned(),
            spokespeople: vec![MemberId([7; 32]), MemberId([8; 32])],
        },
        Request::RecordHousehold {
            name: "王奶奶".to_owned(),
            building: Some("3".to_owned()),
            proxies: vec![MemberId([7; 32])],
            consent: "12月3日的纸条".to_owned(),
        },
        Request::AddProxies {
            record: EntryId([5; 32]),
            proxies: vec![MemberId([8; 32])],
            consent: "在门口说的".to_owned(),
        },
        Request::EndRecord {
            record: EntryId([5; 32]),
            proxy: Some(MemberId([8; 32])),
            reason: "有手机了".to_owned(),
        },
        Request::Motions,
        Request::CoSign {
            motion: EntryId([5; 32]),
        },
        Request::Enact {
            motion: EntryId([6; 32]),
        },
        Request::Peers,
        Request::Dial {
            address: "/ip4/127.0.0.1/tcp/1".to_owned(),
        },
        Request::ImportRequests {
            file: (0..=255).collect(),
            preview: true,
        },
        Request::ImportRequests {
            file: Vec::new(),
            preview: false,
        },
        Request::ImportDocuments {
            file: (0..=255).collect(),
            kind: Some("notice".to_owned()),
            preview: true,
        },
        Request::ImportDocuments {
            file: vec![1],
            kind: None,
            preview: false,
        },
        Request::ImportBundle { file: vec![0; 9] },
        Request::AddDevice {
            lifetime_ms: 600_000,
            addresses: vec!["/ip4/192.0.2.1/tcp/4101".to_owned()],
        },
        Request::EnrolmentCodes,
        Request::CancelCode {
            code: InvitationId([0xcd; 32]),
        },
        Request::Leave,
        Request::Backup {
            lock: BackupLock::Passphrase(Confidential::new("梧桐 & 雨".to_owned())),
        },
        Request::Backup {
            lock: BackupLock::Key(Confidential::new("ab".repeat(32))),
        },
        Request::ExportBundle,
        Request::ExportSpace,
        Request::ExportAutomerge { document },
        Request::Doctor,
    ];
    for target in [
        CutTarget::Device(DeviceId([1; 32])),
        CutTarget::Appointment(EntryId([2; 32])),
        CutTarget::Member(MemberId([3; 32])),
        CutTarget::Relay(DeviceId([4; 32])),
    ] {
        let reason = "lost".to_owned();
        requests.push(Request::Cut {
            target,
            reason,
            from: None,
        });
    }
    for from in [
        CutFrom::Time(1_764_000_000_000),
        CutFrom::Entry(EntryId([5; 32])),
        CutFrom::Beginning,
    ] {
        let target = CutTarget::Member(MemberId([3; 32]));
        requests.push(Request::CutLoss {
            target: target.clone(),
            from: Some(from),
        });
        requests.push(Request::Cut {
            target,
            reason: "flood".to_owned(),
            from: Some(from),
        });
    }
    requests.extend(every_motion().map(Request::Move));
    requests
}

fn every_motion() -> impl Iterator<Item = NewMotion> {
    let member = MemberId([7; 32]);
    [
        NewMotion::RemoveHousehold {
            member,
            reason: "刷屏 & 骂人".to_owned(),
            from: None,
        },
        NewMotion::Appoint {
            member,
            role: "steward".to_owned(),
            office: Some(MemberId([8; 32])),
            building: None,
        },
        NewMotion::CutRole {
            appointment: EntryId([2; 32]),
            reason: "moved away".to_owned(),
            from: None,
        },
        NewMotion::Readmit {
            member,
            successor_of: Some(MemberId([3; 32])),
        },
        NewMotion::AddOffice {
            name: "业委会".to_owned(),
        },
    ]
    .into_iter()
}

#[tokio::test]
async fn every_request_arrives_as_it_was_sent() {
    let home = Home::new("every");
    let (_server, fake, client) = serve(&home);
    for request in every_request() {
        let answered = client.call(request.clone()).await;
        assert!(answered.is_ok(), "{request:?}: {answered:?}");
        assert_eq!(fake.asked().pop(), Some(request));
    }
}

#[tokio::test]
async fn answers_come_back_whole() {
    let home = Home::new("answers");
    let (_server, _fake, client) = serve(&home);
    let status = client.call(Request::Status).await.expect("an answer");
    assert_eq!(status, Answer::Status(Box::new(crate::fake::status())));
}

#[tokio::test]
async fn refusals_have_their_status_and_reach_the_client_in_the_cores_words() {
    let home = Home::new("refusals");
    let refusal = |code: &str| Refusal {
        code: code.to_owned(),
        message: format!("because of {code}"),
        field: Some("title".to_owned()),
    };
    let (core, _fake) = FakeCore::start(Box::new(move |request| match request {
        Request::Search { words, .. } => Some(Err(refusal(words))),
        _ => None,
    }));
    let server = ApiServer::open(&home.0, core, Language::English).expect("a socket");
    let client = Client::connect(server.socket()).expect("a client");
    for (code, status) in api::CODES {
        let request = format!("GET /v1/search?words={code} HTTP/1.1\r\nhost: linli\r\n\r\n");
        let (found, body) = raw(server.socket(), request.as_bytes()).await.expect("it");
        assert_eq!(
            (found, body["code"].as_str()),
            (status.as_u16(), Some(*code))
        );
        let words = (*code).to_owned();
        match client.call(Request::Search { words, limit: 1 }).await {
            Err(ClientError::Refused(found)) => assert_eq!(found, refusal(code)),
            other => panic!("{code}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn whoever_asks_is_answered_in_their_language() {
    let home = Home::new("language");
    let (core, fake) = FakeCore::plain();
    let server = ApiServer::open(&home.0, core, Language::Chinese).expect("a socket");
    let cases = [
        ("", Language::Chinese),
        ("accept-language: en\r\n", Language::English),
        (
            "accept-language: fr, en;q=0.5, zh;q=0.4\r\n",
            Language::English,
        ),
        ("accept-language: zh-CN\r\n", Language::Chinese),
        ("accept-language: fr\r\n", Language::Chinese),
    ];
    for (header, language) in cases {
        let head = format!("HTTP/1.1\r\nhost: linli\r\n{header}");
        // The interface's own words, of every extractor, and then the core's.
        let wrong = [
            format!("GET /v1/nothing {head}\r\n"),
            format!("PUT /v1/status {head}\r\n"),
            format!("GET /v1/documents/xyz {head}\r\n"),
            format!("GET /v1/search?limit=x {head}\r\n"),
            format!("POST /v1/documents {head}content-length: 2\r\n\r\n[]"),
            format!("POST /v1/imports/bundle {head}content-length: 99999999\r\n\r\n"),
        ];
        for request in wrong {
            let (_, body) = raw(server.socket(), request.as_bytes()).await.expect("it");
            let words = body["message"].as_str().expect("words");
            let is_chinese = words.chars().any(|character| character > '\u{4E00}');
            assert_eq!(is_chinese, language == Language::Chinese, "{words}");
        }
        let asked = format!("GET /v1/status {head}\r\n");
        raw(server.socket(), asked.as_bytes()).await.expect("it");
        assert_eq!(
            fake.last_manner().map(|manner| manner.language),
            Some(language)
        );
    }
    let client = Client::connect(server.socket()).expect("a client");
    client.call(Request::Status).await.expect("an answer");
    let expected = |language, settled| Some(Manner { language, settled });
    assert_eq!(fake.last_manner(), expected(Language::Chinese, false));
    let client = client.in_language(Language::English).settled();
    for request in every_request() {
        let reads = matches!(
            request,
            Request::Status | Request::List(_) | Request::Search { .. } | Request::Show { .. }
        );
        client.call(request).await.expect("an answer");
        let manner = fake.last_manner().expect("it arrived");
        assert_eq!(manner.language, Language::English);
        assert!(manner.settled || !reads);
    }
}

#[tokio::test]
async fn wrong_input_is_refused_with_a_reason_and_never_reaches_the_core() {
    let home = Home::new("wrong");
    let (server, fake, _client) = serve(&home);
    let id = "ab".repeat(32);
    let cases: Vec<(String, u16, &str)> = vec![
        (get("/v1/nothing"), 404, "not-found"),
        (get("/"), 404, "not-found"),
        (get("/v1/documents/xyz"), 422, "invalid"),
        (get(&format!("/v1/documents/{id}0")), 422, "invalid"),
        (get("/v1/documents/%FF"), 422, "invalid"),
        (get("/v1/documents?limit=-1"), 422, "invalid"),
        (get("/v1/documents?about=1"), 422, "invalid"),
        (get("/v1/documents?order=best"), 422, "invalid"),
        (get("/v1/documents?unread=maybe"), 422, "invalid"),
        (
            post("/v1/reading-marks", "{\"documents\":[1]}"),
            422,
            "invalid",
        ),
        (put("/v1/drafts/%FF", "{\"kind\":\"plan\"}"), 422, "invalid"),
        (put("/v1/drafts/", "{\"kind\":\"plan\"}"), 404, "not-found"),
        (
            put("/v1/drafts/a/b", "{\"kind\":\"plan\"}"),
            404,
            "not-found",
        ),
        (
            put("/v1/drafts/a", "{\"kind\":\"plan\",\"x\":1}"),
            422,
            "invalid",
        ),
        (put("/v1/settings", "{\"language\":\"fr\"}"), 422, "invalid"),
        (
            put("/v1/settings", "{\"language\":\"zh\",\"colour\":1}"),
            422,
            "invalid",
        ),
        (
            put(
                "/v1/settings",
                "{\"language\":\"zh\",\"emergency_numbers\":\"ask the lead\"}",
            ),
            422,
            "invalid",
        ),
        (get("/v1/search"), 422, "invalid"),
        (get("/v1/search?words=a&surplus=1"), 422, "invalid"),
        (post("/v1/status", "{}"), 405, "invalid"),
        (post("/v1/documents", ""), 422, "invalid"),
        (post("/v1/documents", "{\"kind\":1}"), 422, "invalid"),
        (post("/v1/documents", "\u{0}\u{1b}[2J"), 422, "invalid"),
        (post("/v1/documents", &"[".repeat(100_000)), 422, "invalid"),
        (
            post("/v1/offices", "{\"name\":\"a\",\"b\":1}"),
            422,
            "invalid",
        ),
        (put("/v1/members/xyz/promotion", ""), 422, "invalid"),
        (put("/v1/motions/xyz/cosignature", ""), 422, "invalid"),
        (put("/v1/motions/%FF/enactment", ""), 422, "invalid"),
        (
            post("/v1/motions", "{\"act\":\"burn-down\"}"),
            422,
            "invalid",
        ),
        (
            post(
                "/v1/motions",
                "{\"act\":\"add-office\",\"name\":\"a\",\"b\":1}",
            ),
            422,
            "invalid",
        ),
        (
            post(
                "/v1/cuts",
                "{\"target\":{\"device\":\"zz\"},\"reason\":\"\"}",
            ),
            422,
            "invalid",
        ),
    ];
    for (request, status, code) in cases {
        let answer = raw(server.socket(), request.as_bytes()).await;
        let (found, body) = answer.unwrap_or_else(|| panic!("no answer to {request:.60}"));
        assert_eq!(
            (found, body["code"].as_str()),
            (status, Some(code)),
            "{request:.60}"
        );
        assert!(
            body["message"]
                .as_str()
                .is_some_and(|words| words.ends_with('.'))
        );
    }
    for garbage in [
        &b"\0\0\0\0\r\n\r\n"[..],
        b"\x16\x03\x01\x02\0",
        b"GET /v1/status HTTP/9\r\n\r\n",
    ] {
        let answer = raw(server.socket(), garbage).await;
        assert!(
            answer.is_none_or(|(status, _)| status == 400),
            "{garbage:?}"
        );
    }
    assert_eq!(fake.asked(), Vec::new());
}

fn put(path: &str, body: &str) -> String {
    post(path, body).replacen("POST", "PUT", 1)
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: linli\r\n\r\n")
}

fn post(path: &str, body: &str) -> String {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nhost: linli\r\ncontent-length: {length}\r\n\r\n{body}")
}

#[tokio::test]
async fn too_much_is_refused_before_it_is_held() {
    let home = Home::new("much");
    let (server, fake, client) = serve(&home);
    // Announced too large: refused without a byte of it.
    for (path, bytes) in [
        ("documents", 1_048_577),
        ("imports/requests", 20 * 1_048_576 + 1),
    ] {
        let head =
            format!("POST /v1/{path} HTTP/1.1\r\nhost: linli\r\ncontent-length: {bytes}\r\n\r\n");
        let (status, body) = raw(server.socket(), head.as_bytes())
            .await
            .expect("an answer");
        assert_eq!((status, body["code"].as_str()), (413, Some("too-large")));
    }
    // Not announced, and without an end.
    let mut endless =
        "POST /v1/documents HTTP/1.1\r\nhost: linli\r\ntransfer-encoding: chunked\r\n\r\n"
            .to_owned();
    for _ in 0..20 {
        endless.push_str("10000\r\n");
        endless.push_str(&" ".repeat(0x1_0000));
        endless.push_str("\r\n");
    }
    let (status, _) = raw(server.socket(), endless.as_bytes())
        .await
        .expect("an answer");
    assert_eq!(status, 413);
    // A head without an end.
    let head = format!("GET /v1/status HTTP/1.1\r\nx: {}", "y".repeat(100_000));
    let answer = raw(server.socket(), head.as_bytes()).await;
    assert!(
        answer.is_none_or(|(status, _)| status == 431),
        "a head has its limit"
    );
    // An import of exactly the limit passes.
    assert_eq!(fake.asked(), Vec::new());
    let file = vec![b'x'; 20 * 1_048_576];
    let imported = client.call(Request::ImportRequests {
        file,
        preview: true,
    });
    assert!(matches!(imported.await, Ok(Answer::Import(_))));
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_and_a_slow_head_end() {
    let home = Home::new("slow");
    let (server, fake, _client) = serve(&home);
    let mut slow = UnixStream::connect(server.socket())
        .await
        .expect("a connection");
    let head = b"POST /v1/documents HTTP/1.1\r\nhost: linli\r\ncontent-length: 100\r\n\r\n{";
    slow.write_all(head).await.expect("a head");
    let (status, body) = read_answer(&mut slow).await.expect("an answer");
    assert_eq!((status, body["code"].as_str()), (408, Some("too-slow")));
    let mut silent = UnixStream::connect(server.socket())
        .await
        .expect("a connection");
    silent.write_all(b"GET /v1/st").await.expect("half a head");
    let answer = read_answer(&mut silent).await;
    let status = answer.map(|(status, _)| status);
    assert!(matches!(status, None | Some(408)), "{status:?}");
    assert_eq!(fake.asked(), Vec::new());
}

#[tokio::test]
async fn events_reach_every_listener() {
    let home = Home::new("events");
    let (_server, fake, client) = serve(&home);
    let mut first = client.events().await.expect("a stream");
    let mut second = client.events().await.expect("a stream");
    let documents = vec![DocumentId([5; 32]), DocumentId([6; 32])];
    let told = [Event::Documents { documents }, Event::Roster, Event::Missed];
    for event in &told {
        fake.tell(event.clone());
    }
    for stream in [&mut first, &mut second] {
        for event in &told {
            assert_eq!(stream.next().await.expect("a stream").as_ref(), Some(event));
        }
    }
}

#[tokio::test]
async fn a_listener_that_never_reads_blocks_nobody_and_learns_that_it_missed_events() {
    let home = Home::new("stuck");
    let (server, fake, client) = serve(&home);
    // Stuck: it never reads. Slow: it reads when all is over.
    let mut stuck = UnixStream::connect(server.socket())
        .await
        .expect("a connection");
    let request = get("/v1/events");
    stuck
        .write_all(request.as_bytes())
        .await
        .expect("a request");
    let mut slow = client.events().await.expect("a stream");
    let mut quick = client.events().await.expect("a stream");
    while fake.listeners() < 3 {
        tokio::task::yield_now().await;
    }
    // Far more than the queue and the kernel's buffers hold.
    let documents = vec![DocumentId([5; 32]); 300];
    for round in 0..400 {
        fake.tell(Event::Documents {
            documents: documents.clone(),
        });
        let event = quick.next().await.expect("a stream");
        assert!(matches!(event, Some(Event::Documents { .. })), "{round}");
    }
    assert!(client.call(Request::Status).await.is_ok());
    let mut has_missed = false;
    fake.tell(Event::Roster);
    loop {
        match slow.next().await.expect("a stream") {
            Some(Event::Missed) => has_missed = true,
            Some(Event::Roster) => break,
            other => assert!(matches!(other, Some(Event::Documents { .. }))),
        }
    }
    assert!(has_missed, "the slow listener was told");
    drop(stuck);
}

#[tokio::test]
async fn neither_listeners_nor_idle_connections_can_shut_requests_out_for_good() {
    let home = Home::new("crowd");
    let (server, fake, client) = serve(&home);
    let mut listeners = Vec::new();
    let refusal = loop {
        match client.events().await {
            Ok(stream) => listeners.push(stream),
            Err(error) => break error,
        }
        assert!(listeners.len() < 100, "listeners have a limit");
    };
    assert!(matches!(refusal, ClientError::Refused(refusal) if refusal.code == "busy"));
    assert!(
        client.call(Request::Status).await.is_ok(),
        "requests still pass"
    );
    // Connections that say nothing fill the rest; whoever comes then hears why.
    let mut idle = Vec::new();
    let busy = loop {
        let mut stream = UnixStream::connect(server.socket())
            .await
            .expect("a connection");
        stream.write_all(b"GET /v1/status HTTP/1.1\r\n").await.ok();
        idle.push(stream);
        let newcomer = Client::connect(server.socket()).expect("a client");
        let newcomer = newcomer.in_language(Language::Chinese);
        if let Err(error) = newcomer.call(Request::Status).await {
            break error;
        }
        assert!(idle.len() < 100, "connections have a limit");
    };
    match busy {
        ClientError::Refused(refusal) => {
            assert_eq!(refusal.code, "busy");
            assert!(refusal.message.contains("请稍后再试"), "{refusal:?}");
        }
        other => panic!("{other}"),
    }
    drop(idle);
    drop(listeners);
    let again = Client::connect(server.socket()).expect("a client");
    while again.call(Request::Status).await.is_err() {
        tokio::task::yield_now().await;
    }
    fake.tell(Event::Roster);
}

#[tokio::test]
async fn the_socket_is_private_and_a_left_one_is_replaced() {
    let home = Home::new("private");
    let (server, _fake, client) = serve(&home);
    let mode = |path: &Path| std::fs::metadata(path).expect("it").permissions().mode() & 0o777;
    let socket = server.socket().to_owned();
    assert_eq!(mode(&socket), 0o600);
    assert_eq!(mode(socket.parent().expect("a folder")), 0o700);
    server.stop().await;
    assert!(!socket.exists(), "a stopped server leaves no socket");
    let gone = client.call(Request::Status).await;
    assert!(
        matches!(gone, Err(ClientError::NotRunning { .. })),
        "{gone:?}"
    );
    // A socket whose process died.
    drop(std::os::unix::net::UnixListener::bind(&socket).expect("a socket"));
    assert!(
        std::fs::metadata(&socket)
            .expect("it")
            .file_type()
            .is_socket()
    );
    let (_server, _fake, client) = serve(&home);
    assert!(client.call(Request::Status).await.is_ok());
}

#[tokio::test]
async fn a_file_in_the_sockets_place_is_left_alone() {
    let home = Home::new("occupied");
    let folder = home.0.join("run");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("api.sock"), b"precious").expect("a file");
    let (core, _fake) = FakeCore::plain();
    let refused = ApiServer::open(&home.0, core, Language::English);
    assert!(
        matches!(refused, Err(ServeError::Occupied { .. })),
        "{refused:?}"
    );
    let kept = std::fs::read(folder.join("api.sock")).expect("the file");
    assert_eq!(kept, b"precious");
}

#[tokio::test]
async fn a_home_too_deep_for_a_sockets_path_works() {
    let home = Home::new("deep");
    let deep = Home(home.0.join("d".repeat(120)).join("e".repeat(120)));
    std::fs::create_dir_all(&deep.0).expect("a deep folder");
    let (_server, _fake, client) = serve(&deep);
    assert!(client.call(Request::Status).await.is_ok());
}

#[tokio::test]
async fn stopping_ends_event_streams_and_finishes_what_was_begun() {
    let home = Home::new("stopping");
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    let (hold, held) = tokio::sync::oneshot::channel::<()>();
    let (core, mut inbox) = node::core::channel();
    tokio::spawn(async move {
        let call = inbox.next().await.expect("a call");
        hold.send(()).expect("the test waits");
        released.await.expect("a release");
        call.answer(Ok(Answer::Peers { peers: Vec::new() }));
        // Kept, so that the streams end because of the server, not of the core.
        std::future::pending::<()>().await;
        drop(inbox);
    });
    let server = ApiServer::open(&home.0, core, Language::English).expect("a socket");
    let client = Client::connect(server.socket()).expect("a client");
    let mut events = client.events().await.expect("a stream");
    let begun = tokio::spawn({
        let client = client.clone();
        async move { client.call(Request::Peers).await }
    });
    held.await.expect("the core holds the call");
    let stopping = tokio::spawn(server.stop());
    assert_eq!(events.next().await.expect("a clean end"), None);
    release.send(()).expect("the core waits");
    let answered = begun.await.expect("the caller");
    assert_eq!(
        answered.expect("an answer"),
        Answer::Peers { peers: Vec::new() }
    );
    stopping.await.expect("the server stopped");
}

#[tokio::test]
async fn the_committed_openapi_document_is_the_one_that_is_served() {
    let home = Home::new("openapi");
    let (server, _fake, _client) = serve(&home);
    let request = get("/v1/openapi.json");
    let (status, served) = raw(server.socket(), request.as_bytes()).await.expect("it");
    assert_eq!(status, 200);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    let committed = std::fs::read_to_string(path).expect("docs/openapi.json");
    assert!(
        committed == api::document(),
        "write it anew: linli openapi > docs/openapi.json"
    );
    let committed: Value = serde_json::from_str(&committed).expect("JSON");
    assert_eq!(committed, served);
}

#[tokio::test]
async fn every_documented_path_is_served_and_every_reference_resolves() {
    let home = Home::new("documented");
    let (server, _fake, _client) = serve(&home);
    let document: Value = serde_json::from_str(&api::document()).expect("JSON");
    let mut operations = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            if path == "/v1/events" {
                continue;
            }
            let path = path.replace("{document}", &"ab".repeat(32));
            let path = path.replace("{motion}", &"ab".repeat(32));
            let path = path.replace("{code}", &"ab".repeat(32));
            let method = method.to_uppercase();
            let request =
                format!("{method} {path} HTTP/1.1\r\nhost: linli\r\ncontent-length: 0\r\n\r\n");
            let answer = raw(server.socket(), request.as_bytes()).await.expect("it");
            assert!(
                ![404, 405].contains(&answer.0),
                "{method} {path}: {answer:?}"
            );
            operations += 1;
        }
    }
    assert_eq!(operations, 65);
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    assert!(
        references
            .iter()
            .any(|name| name == "#/components/schemas/StatusAnswer")
    );
    for reference in references {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
    }
    assert!(
        !document.to_string().contains("schemas/Answer\""),
        "each has one answer"
    );
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(target) if name == "$ref" => found.push(target.clone()),
                    other => collect_references(other, found),
                }
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_references(item, found)),
        _ => {}
    }
}
