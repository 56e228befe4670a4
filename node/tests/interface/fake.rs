//! A core for tests of what stands in front of it: it answers every request with a fixed answer
//! of the right kind, remembers what it was asked, and can be told to refuse. It keeps nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use node::core::{Core, CoreInbox, Manner, channel};
use protocol::api::{
    ActedAs, AmbiguousWidth, Answer, AppealView, ChangeStatus, ChangeView, Completeness, Counts,
    CutLoss, DocumentView, EmergencyNumbers, Event, FactAdded, FieldChange, History, ImportReport,
    KindCount, Language, MemberRef, ModerationView, MotionSignature, MotionStands, MotionView,
    MovedAct, OpenCode, PeerView, Piece, PieceKind, Refusal, Request, RosterView, Settings,
    SpaceExport, Status, TextChange, Theme, Today,
};
use protocol::id::{DeviceId, DocumentId, EntryId, InvitationId, MemberId, SpaceId};
use serde_json::json;

/// What decides an answer before the fixed one.
pub type Script = dyn Fn(&Request) -> Option<Result<Answer, Refusal>> + Send;

/// The fake core's other side.
#[derive(Clone)]
pub struct FakeCore {
    asked: Arc<Mutex<Vec<Request>>>,
    manners: Arc<Mutex<Vec<Manner>>>,
    events: tokio::sync::broadcast::Sender<Event>,
}

impl FakeCore {
    /// Starts a fake core as a task.
    pub fn start(script: Box<Script>) -> (Core, Self) {
        let (core, inbox) = channel();
        let fake = Self {
            asked: Arc::default(),
            manners: Arc::default(),
            events: inbox.teller(),
        };
        tokio::spawn(serve(inbox, fake.clone(), script));
        (core, fake)
    }

    /// A fake core that follows no script.
    pub fn plain() -> (Core, Self) {
        Self::start(Box::new(|_| None))
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Request> {
        self.asked.lock().expect("no panic while held").clone()
    }

    /// How the last request was to be answered.
    pub fn last_manner(&self) -> Option<Manner> {
        let manners = self.manners.lock().expect("no panic while held");
        manners.last().copied()
    }

    /// Tells every listener.
    pub fn tell(&self, event: Event) {
        let _nobody = self.events.send(event);
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        self.events.receiver_count()
    }
}

async fn serve(mut inbox: CoreInbox, fake: FakeCore, script: Box<Script>) {
    while let Some(call) = inbox.next().await {
        let mut manners = fake.manners.lock().expect("no panic while held");
        manners.push(call.manner);
        drop(manners);
        let (request, reply) = call.split();
        let answer = script(&request).unwrap_or_else(|| Ok(answer(&request)));
        let mut asked = fake.asked.lock().expect("no panic while held");
        asked.push(request);
        drop(asked);
        reply.answer(answer);
    }
}

/// A member for answers.
pub fn member() -> MemberRef {
    MemberRef {
        id: MemberId([2; 32]),
        name: "林家".to_owned(),
        building: Some("3".to_owned()),
    }
}

/// A document for answers; its name is made of one byte.
pub fn view(byte: u8, title: &str) -> DocumentView {
    let fields = [("title", json!(title)), ("body", json!("换灯泡"))];
    DocumentView {
        id: DocumentId([byte; 32]),
        kind: "request".to_owned(),
        author: member(),
        for_household: None,
        created_ms: 1_700_000_000_000,
        updated_ms: 1_700_000_000_000,
        fields: fields.map(|(name, value)| (name.to_owned(), value)).into(),
        conflicts: Default::default(),
        state: Some("open".to_owned()),
        next: Vec::new(),
        about: None,
        comments: 1,
        completeness: Completeness::Complete,
        unread: true,
        mine: false,
        heads: Vec::new(),
        time_ahead: false,
        delivery: None,
        moderation: None,
        blocked: false,
    }
}

/// A node's state for answers.
pub fn status() -> Status {
    Status {
        neighbourhood: "梧桐里".to_owned(),
        space: SpaceId([1; 32]),
        member: Some(member()),
        me: None,
        device: DeviceId([3; 32]),
        mode: "home".to_owned(),
        pending: false,
        join_refused: None,
        peers: 1,
        memory_is_short: false,
        listening: vec!["/ip4/127.0.0.1/tcp/4101".to_owned()],
        frontier_digest: "aa".repeat(32),
        view_digest: Some("bb".repeat(32)),
        entries: 42,
        documents: 40,
        unsent: 1,
        unprojected: 0,
        waiting: 0,
        store_bytes: 123_456,
        declined: Vec::new(),
    }
}

/// Settings for requests and answers.
pub const SETTINGS: Settings = Settings {
    language: Language::English,
    theme: Theme::HighContrast,
    ambiguous_width: AmbiguousWidth::Wide,
    ascii_borders: true,
    large_type: false,
    emergency_numbers: EmergencyNumbers::USUAL,
};

fn history(document: DocumentId) -> History {
    let piece = |kind, text: &str, of| Piece {
        kind,
        text: text.to_owned(),
        of,
    };
    History {
        document,
        changes: vec![ChangeView {
            entry: EntryId([9; 32]),
            by: member(),
            time_ms: 1_700_000_000_000,
            status: ChangeStatus::Excluded,
            fields: vec![FieldChange {
                field: "title".to_owned(),
                fact: None,
                old: Some(json!("中秋")),
                new: Some(json!("元宵")),
            }],
            facts: vec![FactAdded {
                id: format!("{}.3", "09".repeat(32)),
                list: "steps".to_owned(),
                fields: [("to".to_owned(), json!("planning"))].into(),
            }],
            texts: vec![TextChange {
                field: "text".to_owned(),
                pieces: vec![
                    piece(PieceKind::Deleted, "猜灯谜", Some(member())),
                    piece(PieceKind::Inserted, "放灯", None),
                ],
            }],
        }],
        omitted: 0,
        texts: BTreeMap::new(),
    }
}

fn roster() -> RosterView {
    RosterView::default()
}

/// The right of a steward.
fn steward() -> ActedAs {
    ActedAs {
        capacity: "steward".to_owned(),
        office: Some(MemberRef {
            id: MemberId([8; 32]),
            name: "业委会".to_owned(),
            building: None,
        }),
        building: None,
        appointment: Some(EntryId([2; 32])),
        motion: None,
    }
}

/// A motion for answers; its name is made of one byte.
pub fn motion(byte: u8, state: &str) -> MotionView {
    let (by, acted_as) = (member(), steward());
    let time_ms = 1_700_000_000_000;
    MotionView {
        id: EntryId([byte; 32]),
        number: 1,
        moved: MovedAct::RemoveHousehold {
            member: MemberRef {
                name: "陈家".to_owned(),
                ..member()
            },
        },
        reason: Some("刷屏\u{1b}[2J".to_owned()),
        cosignatures: vec![MotionSignature {
            id: EntryId([byte + 1; 32]),
            by: by.clone(),
            acted_as: acted_as.clone(),
            time_ms,
        }],
        by,
        acted_as,
        time_ms,
        signed: vec![member()],
        offices: 3,
        needed: 2,
        undoes: Some(7),
        complete: false,
        state: state.to_owned(),
        why: (state == "lapsed").then(|| "overtaken".to_owned()),
        enactment: None,
        overtaken_by: None,
    }
}

fn stands(id: EntryId) -> Answer {
    Answer::Motion(MotionStands {
        id,
        alone: false,
        state: "open".to_owned(),
        signed: 1,
        needed: 2,
        enactment: None,
    })
}

/// An act of moderation about the document `ab…`.
pub fn moderation() -> ModerationView {
    ModerationView {
        id: DocumentId([0x71; 32]),
        act: "hide".to_owned(),
        about: Some(DocumentId([0xab; 32])),
        member: member(),
        by: MemberRef {
            name: "陈家".to_owned(),
            ..member()
        },
        acted_as: ActedAs {
            capacity: "moderator".to_owned(),
            office: None,
            building: None,
            appointment: Some(EntryId([4; 32])),
            motion: None,
        },
        time_ms: 1_700_000_000_000,
        rule: 3,
        clause: Some("不骂人。".to_owned()),
        agreement: None,
        reason: "骂人".to_owned(),
        state: "appealed".to_owned(),
        stands: true,
        appeal: Some(AppealView {
            by: member(),
            time_ms: 1_700_000_000_000,
            body: "说的是猫".to_owned(),
        }),
        decisions: Vec::new(),
    }
}

fn answer(request: &Request) -> Answer {
    match request {
        Request::Status => Answer::Status(Box::new(status())),
        Request::Post(_)
        | Request::Edit { .. }
        | Request::Appoint { .. }
        | Request::Promote { .. }
        | Request::AddOffice { .. }
        | Request::RecordHousehold { .. }
        | Request::AddProxies { .. }
        | Request::EndRecord { .. }
        | Request::Restore { .. }
        | Request::PutDetails { .. }
        | Request::EraseDetails { .. }
        | Request::PutDoor { .. }
        | Request::EraseDoor
        | Request::Erase { .. }
        | Request::Moderate(_)
        | Request::Appeal { .. }
        | Request::Decide { .. }
        | Request::LiftModeration { .. }
        | Request::SignAgreement { .. }
        | Request::Leave
        | Request::Cut { .. } => Answer::written(EntryId([9; 32])),
        Request::Doors => Answer::Doors { doors: Vec::new() },
        Request::Details { .. } => Answer::Details {
            details: Vec::new(),
        },
        Request::History { document } => Answer::History(Box::new(history(*document))),
        Request::Drafts | Request::PutDraft { .. } | Request::RemoveDraft { .. } => {
            Answer::Drafts { drafts: Vec::new() }
        }
        Request::MarkRead { .. } | Request::MarkUnread { .. } | Request::Counts => {
            Answer::Counts(Counts {
                kinds: vec![KindCount {
                    kind: "request".to_owned(),
                    total: 5,
                    unread: 2,
                    mine: 1,
                    states: BTreeMap::new(),
                }],
                drafts: 0,
            })
        }
        Request::Today => Answer::Today(Box::new(Today {
            waiting: Vec::new(),
            news: vec![view(5, "谁有梯子？")],
            news_total: 1,
            drafts: Vec::new(),
            since_ms: None,
        })),
        Request::Settings => Answer::Settings(SETTINGS),
        Request::PutSettings(settings) => Answer::Settings(*settings),
        Request::List(_) | Request::Search { .. } => Answer::Documents {
            items: vec![view(5, "谁有梯子？")],
            next: None,
            unprojected: 0,
        },
        Request::Show { document } | Request::ShowHidden { document } => Answer::Document {
            document: Box::new(DocumentView {
                id: *document,
                ..view(5, "谁有梯子？")
            }),
            comments: vec![view(6, "")],
        },
        Request::Acknowledgements { .. } => Answer::Acknowledgements(Box::default()),
        Request::Roster => Answer::Roster(Box::new(roster())),
        Request::CutLoss { .. } => Answer::CutLoss(CutLoss {
            entries: 301,
            statements: 1,
            documents: 300,
            ..CutLoss::default()
        }),
        Request::Motions => Answer::Motions {
            motions: vec![motion(0x51, "open"), motion(0x61, "lapsed")],
            alone: Vec::new(),
        },
        Request::Moderations => Answer::Moderations {
            moderations: vec![moderation()],
        },
        Request::Agreement => Answer::Agreement { agreement: None },
        Request::Blocks | Request::Block { .. } => Answer::Blocks {
            members: vec![member()],
        },
        Request::Unblock { .. } => Answer::Blocks {
            members: Vec::new(),
        },
        Request::Move(_) => stands(EntryId([9; 32])),
        Request::CoSign { motion } | Request::Enact { motion } => stands(*motion),
        Request::Invite { uses, .. } => Answer::Invitation {
            invitation: "linli1example".to_owned(),
            uses: *uses,
            expires_ms: 1_700_600_000_000,
        },
        Request::AddDevice { .. } => Answer::EnrolmentCode {
            code: "linlidev1example".to_owned(),
            id: InvitationId([0xcd; 32]),
            expires_ms: 1_700_000_600_000,
        },
        Request::EnrolmentCodes | Request::CancelCode { .. } => Answer::EnrolmentCodes {
            codes: vec![OpenCode {
                id: InvitationId([0xcd; 32]),
                expires_ms: 1_700_000_600_000,
            }],
        },
        Request::Backup { .. } => Answer::Backup {
            base64: "bGlubGk=".to_owned(),
        },
        Request::Peers | Request::Dial { .. } => Answer::Peers {
            peers: vec![PeerView {
                device: Some(DeviceId([4; 32])),
                member: Some(member()),
                address: "/ip4/127.0.0.1/tcp/4102".to_owned(),
                connected: true,
                in_step: true,
                seen_ms: Some(1_700_000_000_000),
                kind: Some("home".to_owned()),
                name: None,
                building: Some("3".to_owned()),
                synced_ms: None,
            }],
        },
        Request::ImportRequests { .. } | Request::ImportDocuments { .. } => {
            Answer::Import(ImportReport {
                imported: 41,
                encoding: "GBK".to_owned(),
                ..ImportReport::default()
            })
        }
        Request::ImportBundle { .. } => Answer::Taken { entries: 7 },
        Request::ExportBundle => Answer::Bundle {
            base64: "bGlubGk=".to_owned(),
        },
        Request::ExportSpace => Answer::Space(Box::new(SpaceExport {
            format: "linli-space-1".to_owned(),
            space: SpaceId([1; 32]),
            neighbourhood: "梧桐里".to_owned(),
            frontier_digest: "aa".repeat(32),
            view_digest: "bb".repeat(32),
            roster: roster(),
            documents: vec![view(5, "谁有梯子？")],
        })),
        Request::ExportAutomerge { .. } => Answer::Automerge {
            base64: "hW9Kgw==".to_owned(),
        },
        Request::Doctor => Answer::Doctor {
            findings: Vec::new(),
            checks: vec!["store".to_owned()],
            advice: Vec::new(),
        },
    }
}
