//! What a frame costs: `cargo run --release -p tui --example ui_cost`.
//!
//! The front end is driven through a stand-in for a node with 10,000 requests in every state, 500
//! notices and 1,000 plans, all of them read into the lists, at 80 columns and 24 lines. Every message is measured from before
//! `update` until its frame is drawn, compared with the one before, and encoded for a terminal that
//! takes everything at once. What the stand-in does is left out. Prints one JSON object, in
//! milliseconds; it asserts nothing.

use std::collections::{BTreeMap, VecDeque};
use std::io::Sink;
use std::sync::OnceLock;
use std::time::Instant;

use jiff::tz::TimeZone;
use protocol::api::{
    AmbiguousWidth, Answer, Counts, DocumentView, Event, KindCount, Language, ListQuery, Request,
    Settings, Status, Theme, Today, Waiting, WaitingReason,
};
use protocol::id::DocumentId;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use serde_json::{Value, json};
use tui::app::{App, Beginning, Message, Task};
use tui::host::HomeState;
use tui::theme::Hints;
use tui::words::Clock;

const REQUESTS: usize = 10_000;
const PLANS: usize = 1_000;
const NOTICES: usize = 500;
/// What waits for the household.
const WAITING: usize = 200;
/// States of requests, each with how many facts of which list lead there.
const STATES: [(&str, &[(&str, usize)]); 12] = [
    ("open", &[]),
    ("offered", &[("offers", 2)]),
    ("matched", &[("offers", 3), ("acceptances", 1)]),
    ("double-booked", &[("offers", 2), ("acceptances", 2)]),
    (
        "in-progress",
        &[("offers", 2), ("acceptances", 1), ("check_ins", 1)],
    ),
    (
        "done",
        &[
            ("offers", 1),
            ("acceptances", 1),
            ("check_ins", 1),
            ("completions", 1),
        ],
    ),
    ("gone", &[("offers", 2), ("handovers", 1)]),
    (
        "confirmed",
        &[
            ("offers", 2),
            ("acceptances", 1),
            ("completions", 1),
            ("confirmations", 1),
            ("thanks", 1),
        ],
    ),
    (
        "closed-unconfirmed",
        &[("offers", 1), ("acceptances", 1), ("completions", 1)],
    ),
    ("expired", &[("offers", 1)]),
    ("cancelled", &[("cancellations", 1)]),
    ("merged", &[("merges", 1)]),
];
const SIZE: (u16, u16) = (80, 24);
/// How often each thing is done.
const TIMES: usize = 300;
/// Saturday, 14 February 2026, 10:00 in Shanghai.
const NOW_MS: i64 = 1_771_034_400_000;

fn main() {
    let mut session = Session::begin();
    session.doing = "open list";
    session.key(KeyCode::Char('3'));
    session.doing = "read on";
    // Each time the end is reached, the next page is read.
    for _ in 0..=REQUESTS / 100 {
        session.key(KeyCode::End);
    }
    session.doing = "move";
    for number in 0..TIMES {
        session.key(match number % 10 {
            9 => KeyCode::PageUp,
            _ => KeyCode::Up,
        });
    }
    session.doing = "filter";
    for _ in 0..TIMES {
        session.key(KeyCode::Char('f'));
    }
    for (doing, screen) in [("today", '1'), ("notices", '2'), ("plans", '4')] {
        session.doing = doing;
        session.key(KeyCode::Char(screen));
        for number in 0..TIMES {
            session.key(match number % 10 {
                9 => KeyCode::Char('f'),
                8 => KeyCode::PageUp,
                _ => KeyCode::Down,
            });
        }
    }
    session.key(KeyCode::Char('3'));
    session.doing = "told of news";
    for number in 0..TIMES {
        let documents = vec![session.node.documents[number].id];
        session.message(Message::Event(Event::Documents { documents }));
    }
    session.doing = "open document";
    for _ in 0..TIMES {
        session.key(KeyCode::Enter);
        session.key(KeyCode::Esc);
    }
    session.doing = "read plan";
    session.key(KeyCode::Char('4'));
    session.key(KeyCode::Enter);
    for number in 0..TIMES {
        session.key(match number % 40 {
            0..20 => KeyCode::Down,
            _ => KeyCode::Up,
        });
    }
    session.key(KeyCode::Esc);
    session.doing = "type in form";
    session.key(KeyCode::Char('n'));
    for _ in 0..4 {
        session.key(KeyCode::Tab);
    }
    for letter in "想请邻居帮忙 and a word ".chars().cycle().take(TIMES) {
        session.key(KeyCode::Char(letter));
    }
    session.key(KeyCode::F(8));
    session.doing = "type a search";
    session.key(KeyCode::Char('/'));
    for letter in "邻居 ladder".chars().cycle().take(TIMES) {
        session.key(KeyCode::Char(letter));
    }
    println!("{}", session.report());
}

/// One session, and how long everything in it took.
struct Session {
    app: App,
    node: StandIn,
    terminal: Terminal<CrosstermBackend<Sink>>,
    doing: &'static str,
    /// Milliseconds of `update`, and of both it and the frame.
    took: BTreeMap<&'static str, Vec<(f64, f64)>>,
}

impl Session {
    fn begin() -> Self {
        let settings = Settings {
            language: Language::Chinese,
            theme: Theme::default(),
            ambiguous_width: AmbiguousWidth::default(),
            ascii_borders: false,
            large_type: false,
            emergency_numbers: Default::default(),
        };
        let (app, tasks) = App::begin(Beginning {
            settings,
            home: HomeState::Running("/nowhere".into()),
            stage: None,
            clock: Clock {
                now_ms: NOW_MS,
                zone: TimeZone::fixed(jiff::tz::offset(8)),
            },
            hints: Hints::default(),
            size: SIZE,
        });
        let viewport = Viewport::Fixed(Rect::new(0, 0, SIZE.0, SIZE.1));
        let backend = CrosstermBackend::new(std::io::sink());
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport });
        let mut session = Self {
            app,
            node: StandIn::new(settings),
            terminal: terminal.expect("a sink takes everything"),
            doing: "begin",
            took: BTreeMap::new(),
        };
        session.carry_out(tasks);
        session
    }

    fn key(&mut self, code: KeyCode) {
        self.message(Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    }

    fn message(&mut self, message: Message) {
        let tasks = self.measured(message);
        self.carry_out(tasks);
    }

    fn measured(&mut self, message: Message) -> Vec<Task> {
        let since = Instant::now();
        let tasks = self.app.update(message);
        let updated = since.elapsed();
        let app = &mut self.app;
        let drawn = self.terminal.draw(|frame| app.draw(frame));
        drawn.expect("a sink takes everything");
        let ms = |took: std::time::Duration| took.as_secs_f64() * 1_000.0;
        let took = (ms(updated), ms(since.elapsed()));
        self.took.entry(self.doing).or_default().push(took);
        tasks
    }

    fn carry_out(&mut self, tasks: Vec<Task>) {
        let mut waiting: VecDeque<Task> = tasks.into();
        while let Some(task) = waiting.pop_front() {
            if let Task::Ask { ticket, request } = task {
                let outcome = Ok(self.node.answer(&request));
                waiting.extend(self.measured(Message::Answered { ticket, outcome }));
            }
        }
    }

    fn report(&self) -> Value {
        let all: Vec<(f64, f64)> = self.took.values().flatten().copied().collect();
        let update: Vec<f64> = all.iter().map(|(update, _)| *update).collect();
        let whole: Vec<f64> = all.iter().map(|(_, whole)| *whole).collect();
        let each = self.took.iter().map(|(doing, took)| {
            let whole: Vec<f64> = took.iter().map(|(_, whole)| *whole).collect();
            let p99 = share(&whole, 0.99);
            (doing.replace(' ', "_"), json!({ "p99_ms": p99 }))
        });
        json!({
            "requests": REQUESTS,
            "notices": NOTICES,
            "plans": PLANS,
            "frames": whole.len(),
            "p50_ms": share(&whole, 0.5),
            "p99_ms": share(&whole, 0.99),
            "slowest_ms": share(&whole, 1.0),
            "update_p99_ms": share(&update, 0.99),
            "each": each.collect::<BTreeMap<String, Value>>(),
        })
    }
}

/// The value below which a share of all lie, to thousandths.
fn share(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let index = (last as f64 * share).round() as usize;
    let value = sorted.get(index).copied().unwrap_or_default();
    (value * 1_000.0).round() / 1_000.0
}

/// Stands in for a node.
struct StandIn {
    settings: Settings,
    documents: Vec<DocumentView>,
}

impl StandIn {
    fn new(settings: Settings) -> Self {
        let requests = (0..REQUESTS).map(|number| document(number, "request"));
        let notices = (0..NOTICES).map(|number| document(REQUESTS + number, "notice"));
        let plans = (0..PLANS).map(|number| document(REQUESTS + NOTICES + number, "plan"));
        Self {
            settings,
            documents: requests.chain(notices).chain(plans).collect(),
        }
    }

    fn answer(&self, request: &Request) -> Answer {
        match request {
            Request::Status => Answer::Status(Box::new(status())),
            Request::Counts => Answer::Counts(self.counts()),
            Request::Settings => Answer::Settings(self.settings),
            Request::Today => Answer::Today(Box::new(Today {
                waiting: self.waiting(),
                news: self.documents[..100].to_vec(),
                news_total: 100,
                drafts: Vec::new(),
                since_ms: None,
            })),
            Request::List(query) => self.list(query),
            Request::Search { limit, .. } => Answer::Documents {
                items: self.documents[..*limit as usize].to_vec(),
                next: None,
                unprojected: 0,
            },
            Request::Show { document } => {
                let found = self.documents.iter().find(|view| view.id == *document);
                Answer::Document {
                    document: Box::new(found.expect("a listed document").clone()),
                    comments: Vec::new(),
                }
            }
            _ => Answer::Drafts { drafts: Vec::new() },
        }
    }

    fn waiting(&self) -> Vec<Waiting> {
        let whys = [
            WaitingReason::UrgentNearby,
            WaitingReason::ChooseOffer,
            WaitingReason::ConfirmTime,
            WaitingReason::ConfirmCompletion,
        ];
        let waiting = self.documents.iter().zip(whys.into_iter().cycle());
        waiting
            .take(WAITING)
            .map(|(document, why)| Waiting {
                document: document.clone(),
                why,
                until_ms: Some(NOW_MS + 3_600_000),
                for_household: None,
            })
            .collect()
    }

    fn list(&self, query: &ListQuery) -> Answer {
        let of_kind = |view: &&DocumentView| query.kind.as_ref().is_none_or(|of| *of == view.kind);
        let in_state = |view: &&DocumentView| {
            let state = view.state.as_ref();
            query.states.is_empty() || state.is_some_and(|state| query.states.contains(state))
        };
        let wanted = |view: &&DocumentView| {
            of_kind(view)
                && in_state(view)
                && (!query.unread || view.unread)
                && (!query.mine || view.mine)
        };
        let after: usize = query
            .after
            .as_deref()
            .map_or(0, |after| after.parse().expect("a place"));
        let limit = query.limit.unwrap_or(200) as usize;
        let items = self.documents.iter().filter(wanted).skip(after);
        let items: Vec<DocumentView> = items.take(limit).cloned().collect();
        let next = (items.len() == limit).then(|| (after + limit).to_string());
        Answer::Documents {
            items,
            next,
            unprojected: 0,
        }
    }

    fn counts(&self) -> Counts {
        let kinds =
            [("request", REQUESTS), ("notice", NOTICES), ("plan", PLANS)].map(|(kind, total)| {
                KindCount {
                    kind: kind.to_owned(),
                    total: total as u64,
                    unread: total as u64 / 10,
                    mine: 0,
                    states: BTreeMap::new(),
                }
            });
        Counts {
            kinds: kinds.to_vec(),
            drafts: 0,
        }
    }
}

/// A fact by one of a few neighbours.
fn fact(list: &str, number: usize) -> Value {
    let mut fact = json!({
        "id": format!("{}.{number}", "0f".repeat(32)), "time_ms": NOW_MS,
        "by": { "id": format!("{:02x}", number + 3).repeat(32), "name": "王家", "building": "3" },
        "offer": format!("{}.0", "0f".repeat(32)),
    });
    if list == "offers" {
        fact["state"] = json!(if number == 0 { "accepted" } else { "standby" });
        fact["body"] = json!("我来，下午有空。");
    }
    fact
}

/// What is asked of whom about a request in a state.
fn next(state: &str) -> Value {
    let (step, who) = match state {
        "open" => ("offer", "anyone"),
        "offered" => ("choose", "requester"),
        "double-booked" => ("choose-one", "requester"),
        "matched" => ("confirm-time", "helpers"),
        "in-progress" => ("say-done", "helpers"),
        "done" => ("confirm", "requester"),
        _ => return json!([]),
    };
    let members = json!([{ "id": "02".repeat(32), "name": "陈家", "building": "5" }]);
    json!([{"step": step, "who": who, "members": members, "by_ms": NOW_MS + 7_200_000}])
}

/// Titles of requests that people made, in the folder that `LINLI_DATA` names; none where it is not
/// there.
fn real_titles() -> &'static [String] {
    static TITLES: OnceLock<Vec<String>> = OnceLock::new();
    TITLES.get_or_init(|| {
        let folder = std::env::var("LINLI_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
        let table = std::fs::read_to_string(format!("{folder}/requests/wuhan-2020.csv"));
        let table = table.unwrap_or_default();
        let rows = table.lines().skip(1).filter(|line| line.contains("医院"));
        let titles = rows.filter_map(|line| line.split(',').next());
        titles
            .map(|title| title.trim_matches('"').to_owned())
            .collect()
    })
}

fn document(number: usize, kind: &str) -> DocumentView {
    let mut id = [0; 32];
    id[..8].copy_from_slice(&(number as u64).to_be_bytes());
    let age_ms = i64::try_from(number).unwrap_or(0) * 60_000;
    let text = "# 节目\n\n| 时间 | 节目 |\n| --- | --- |\n| 18:30 | **合唱**：《茉莉花》 |\n\n- 猜灯谜，陈家出题\n- [ ] 两个人看锅\n\n";
    let (request_state, facts) = STATES[number % STATES.len()];
    let state = match kind {
        "request" => request_state,
        "notice" => "published",
        _ => "planning",
    };
    let titles = real_titles();
    let title = match titles.is_empty() {
        true => format!("谁有梯子？{number}"),
        false => format!("{} {number}", titles[number % titles.len()]),
    };
    let mut fields = match kind {
        "notice" => json!({
            "title": title, "level": "important", "ack": true, "expires_ms": NOW_MS + 86_400_000,
            "body": "21:00 至次日 6:00 停水，请提前储水。",
            "acknowledgements": (0..20).map(|number| fact("acknowledgements", number)).collect::<Vec<_>>(),
        }),
        "plan" => {
            json!({ "title": format!("元宵灯会 {number}"), "place": "中心花园", "text": text.repeat(40) })
        }
        _ => json!({
            "title": title, "category": "goods", "urgent": number.is_multiple_of(7),
            "body": "想请邻居帮忙代买退烧药和口罩，越快越好，联系时请先在群里说一声。", "places": 1,
            "expires_ms": NOW_MS + 86_400_000
        }),
    };
    if kind == "request" {
        for (list, count) in facts {
            let said: Vec<Value> = (0..*count).map(|number| fact(list, number)).collect();
            fields[list] = said.into();
        }
    }
    let next = if kind == "request" {
        next(state)
    } else {
        json!([])
    };
    serde_json::from_value(json!({
        "id": DocumentId(id), "kind": kind, "next": next, "mine": number.is_multiple_of(9),
        "author": { "id": "02".repeat(32), "name": "陈家", "building": "5" },
        "created_ms": NOW_MS - age_ms, "updated_ms": NOW_MS - age_ms, "fields": fields,
        "state": state, "comments": number % 5, "completeness": "complete",
        "unread": number.is_multiple_of(10)
    }))
    .expect("a document has the interface's form")
}

fn status() -> Status {
    serde_json::from_value(json!({
        "neighbourhood": "梧桐里", "space": "aa".repeat(32), "device": "d1".repeat(32),
        "member": { "id": "01".repeat(32), "name": "林家", "building": "3" },
        "mode": "home", "pending": false, "peers": 2, "listening": [],
        "frontier_digest": "f1".repeat(32), "view_digest": "f2".repeat(32),
        "entries": 100_000, "documents": REQUESTS + PLANS, "unsent": 0, "unprojected": 0,
        "waiting": 0, "store_bytes": 3_500_000
    }))
    .expect("a status has the interface's form")
}
