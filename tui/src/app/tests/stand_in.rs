//! Stands in for a node: answers from fixtures, and remembers what it was asked to write.

use std::collections::BTreeMap;
use std::path::Path;

use protocol::api::{
    Acknowledgements, AgreementView, Answer, Confidential, Counts, DetailView, DocumentView,
    DoorView, Draft, History, KindCount, MemberRef, ModerationView, MotionStands, MotionView,
    Refusal, Request, RosterView, SavedDraft, Settings, Status, Today,
};
use protocol::enrolment::EnrolmentCode;
use protocol::id::{DocumentId, EntryId, MemberId};

use super::{fixtures, governing};
use crate::app::Failure;
use crate::host::{BackupInside, HostAnswer, HostOrder, LetsIn, Protection, Way};

/// The name of whatever is posted.
pub const POSTED: DocumentId = DocumentId([9; 32]);

/// The stand-in.
pub struct StandIn {
    pub documents: Vec<DocumentView>,
    pub comments: Vec<DocumentView>,
    /// What was told in confidence, by the document.
    pub details: BTreeMap<DocumentId, Vec<DetailView>>,
    pub drafts: Vec<SavedDraft>,
    pub today: Today,
    /// The history of every document, where it is not the usual one.
    pub history: Option<History>,
    pub status: Status,
    pub roster: RosterView,
    pub motions: Vec<MotionView>,
    pub settings: Settings,
    /// Everything that was to be written, in order.
    pub written: Vec<Request>,
    /// What the host was told, in order.
    pub ordered: Vec<HostOrder>,
    /// Whether it is there at all.
    pub reachable: bool,
    /// What it refuses the next write with.
    pub refuses: Option<Refusal>,
    /// What it refuses the next text to be sealed with.
    pub refuses_details: Option<Refusal>,
    pub now_ms: i64,
    /// Whether what was posted is listed already.
    pub lists_posted: bool,
    /// What documents say that moderation has taken out of view.
    pub hidden: BTreeMap<DocumentId, BTreeMap<String, serde_json::Value>>,
    pub moderations: Vec<ModerationView>,
    pub agreement: Option<AgreementView>,
    pub blocked: Vec<MemberId>,
    /// Doors that the reader's household may read.
    pub doors: Vec<DoorView>,
    /// What the host refuses the next order with.
    pub host_refuses: Option<Refusal>,
    /// Who has acknowledged every notice.
    pub acknowledged: Acknowledgements,
    /// Whether the home is locked with a passphrase: `right`.
    pub is_locked: bool,
}

impl StandIn {
    pub fn new(settings: Settings) -> Self {
        let documents = fixtures::documents();
        Self {
            today: fixtures::today(&documents),
            comments: fixtures::comments(&documents),
            details: fixtures::details(&documents),
            documents,
            drafts: Vec::new(),
            history: None,
            status: fixtures::status(),
            roster: governing::roster(),
            motions: governing::motions(),
            settings,
            written: Vec::new(),
            ordered: Vec::new(),
            reachable: true,
            refuses: None,
            refuses_details: None,
            now_ms: super::NOW_MS,
            lists_posted: true,
            hidden: BTreeMap::new(),
            moderations: Vec::new(),
            agreement: None,
            blocked: Vec::new(),
            doors: Vec::new(),
            host_refuses: None,
            acknowledged: fixtures::acknowledged(),
            is_locked: false,
        }
    }

    pub fn answer(&mut self, request: Request) -> Result<Answer, Failure> {
        if !self.reachable {
            return Err(Failure::Unreachable);
        }
        Ok(match request {
            Request::Status => Answer::Status(Box::new(self.status.clone())),
            Request::Counts => Answer::Counts(self.counts()),
            Request::Settings => Answer::Settings(self.settings),
            Request::Today => {
                let mut today = self.today.clone();
                // What waits is told as it stands.
                today.waiting.retain_mut(|waiting| {
                    let mut views = self.documents.iter();
                    let stands = views.find(|view| view.id == waiting.document.id);
                    waiting.document = stands.unwrap_or(&waiting.document).clone();
                    stands.is_some() || waiting.document.kind == "moderation"
                });
                today.drafts.clone_from(&self.drafts);
                Answer::Today(Box::new(today))
            }
            Request::List(query) => {
                let items = self.documents.iter();
                let items = items.filter(|view| {
                    let state = view.state.clone().unwrap_or_default();
                    query.kind.as_ref().is_none_or(|kind| *kind == view.kind)
                        && (query.states.is_empty() || query.states.contains(&state))
                        && (!query.unread || view.unread)
                        && (!query.mine || view.mine)
                        && (self.lists_posted || view.id != POSTED)
                });
                let after = query.after.and_then(|after| after.parse().ok());
                let (after, limit) = (after.unwrap_or(0), query.limit.unwrap_or(200) as usize);
                let mut items: Vec<_> = items.skip(after).take(limit + 1).cloned().collect();
                let next = (items.len() > limit).then(|| (after + limit).to_string());
                items.truncate(limit);
                Answer::Documents {
                    items,
                    next,
                    unprojected: 0,
                }
            }
            Request::Search { words, .. } => {
                let items = self.documents.iter();
                let items = items.filter(|view| {
                    let title = view.fields.get("title").and_then(|title| title.as_str());
                    title.is_some_and(|title| title.contains(&words))
                });
                Answer::Documents {
                    items: items.cloned().collect(),
                    next: None,
                    unprojected: 0,
                }
            }
            Request::Show { document } => self.show(document)?,
            Request::ShowHidden { document } => match self.show(document)? {
                Answer::Document {
                    mut document,
                    comments,
                } => {
                    document.fields = self.hidden[&document.id].clone();
                    Answer::Document { document, comments }
                }
                other => other,
            },
            Request::Acknowledgements { .. } => {
                Answer::Acknowledgements(Box::new(self.acknowledged.clone()))
            }
            Request::Moderations => Answer::Moderations {
                moderations: self.moderations.clone(),
            },
            Request::Agreement => Answer::Agreement {
                agreement: self.agreement.clone().map(Box::new),
            },
            Request::Blocks => self.blocks(),
            Request::History { document } => {
                let history = self.history.clone();
                Answer::History(Box::new(
                    history.unwrap_or_else(|| fixtures::history(document)),
                ))
            }
            Request::Details { document } => Answer::Details {
                details: self.details.get(&document).cloned().unwrap_or_default(),
            },
            Request::Doors => Answer::Doors {
                doors: self.doors.clone(),
            },
            Request::Drafts => Answer::Drafts {
                drafts: self.drafts.clone(),
            },
            Request::Roster => Answer::Roster(Box::new(self.roster.clone())),
            Request::Motions => Answer::Motions {
                motions: self.motions.clone(),
                alone: Vec::new(),
            },
            Request::Peers | Request::Dial { .. } => Answer::Peers {
                peers: fixtures::peers(),
            },
            Request::Invite { uses, .. } => Answer::Invitation {
                invitation: fixtures::INVITATION.to_owned(),
                uses,
                expires_ms: super::NOW_MS + 7 * 24 * 60 * 60 * 1_000,
            },
            request => return self.write(request),
        })
    }

    fn write(&mut self, request: Request) -> Result<Answer, Failure> {
        if let Some(refusal) = self.refuses.take() {
            return Err(Failure::Refused(refusal));
        }
        if matches!(request, Request::PutDetails { .. })
            && let Some(refusal) = self.refuses_details.take()
        {
            return Err(Failure::Refused(refusal));
        }
        match &request {
            Request::PutDetails { document, text } => self.put_details(*document, text),
            Request::EraseDetails { document } => {
                self.details.remove(document);
            }
            Request::Erase { document } => self.erase(*document),
            Request::PutDoor { text } => self.put_door(text),
            Request::EraseDoor => {
                let me = self.status.member.as_ref().map(|member| member.id);
                self.doors.retain(|door| Some(door.household.id) != me);
            }
            Request::PutDraft { id, draft } => {
                self.drafts.retain(|kept| kept.id != *id);
                self.drafts.push(SavedDraft {
                    id: id.clone(),
                    changed_ms: self.now_ms,
                    draft: draft.clone(),
                });
            }
            Request::RemoveDraft { id } => self.drafts.retain(|kept| kept.id != *id),
            Request::PutSettings(settings) => self.settings = *settings,
            Request::MarkRead { documents, .. } => {
                for view in self.documents.iter_mut().chain(&mut self.comments) {
                    let about = view.about.is_some_and(|about| documents.contains(&about));
                    if about || documents.contains(&view.id) {
                        view.unread = false;
                    }
                }
                self.today.news.retain(|view| !documents.contains(&view.id));
            }
            Request::MarkUnread { documents } => {
                for view in &mut self.documents {
                    view.unread |= documents.contains(&view.id);
                }
            }
            Request::Post(draft) => self.post(draft),
            Request::Block { member } => self.blocked.push(*member),
            Request::Unblock { member } => self.blocked.retain(|one| one != member),
            _ => {}
        }
        let stands = match &request {
            Request::CoSign { motion } => Some(self.sign(*motion)),
            Request::Move(_) => Some(self.stands(EntryId(POSTED.0), 1)),
            _ => None,
        };
        let is_block = matches!(request, Request::Block { .. } | Request::Unblock { .. });
        let is_code = matches!(request, Request::AddDevice { .. });
        self.written.push(request);
        if is_code {
            return Ok(Answer::EnrolmentCode {
                code: fixtures::DEVICE_CODE.to_owned(),
                id: serde_json::from_value(fixtures::id(0x77).into()).expect("digits"),
                expires_ms: self.now_ms + 10 * 60 * 1_000,
            });
        }
        if is_block {
            return Ok(self.blocks());
        }
        if let Some(stands) = stands {
            return Ok(Answer::Motion(stands));
        }
        Ok(Answer::Written {
            id: EntryId(POSTED.0),
            warnings: Vec::new(),
            heads: vec![EntryId([9; 32])],
            texts: BTreeMap::new(),
        })
    }

    fn blocks(&self) -> Answer {
        let members = self.roster.members.iter();
        let members = members.filter(|member| self.blocked.contains(&member.id));
        Answer::Blocks {
            members: members
                .map(|member| MemberRef {
                    id: member.id,
                    name: member.shown_name(),
                    building: member.building.clone(),
                })
                .collect(),
        }
    }

    /// The own household's signature is the one that was lacking.
    fn sign(&mut self, id: EntryId) -> MotionStands {
        for motion in self.motions.iter_mut().filter(|motion| motion.id == id) {
            motion.state = "in-force".to_owned();
            motion.signed.push(fixtures::named(4));
        }
        self.stands(id, 2)
    }

    /// Where a dangerous act stands: at once where the founder decides alone.
    fn stands(&self, id: EntryId, signed: u32) -> MotionStands {
        let governance = &self.roster.governance;
        let is_done = governance.founder_alone || signed >= governance.needed;
        let state = if is_done { "in-force" } else { "open" };
        MotionStands {
            id,
            alone: governance.founder_alone,
            state: state.to_owned(),
            signed,
            needed: governance.needed,
            enactment: None,
        }
    }

    /// Keeps what was posted, as the newest of its kind.
    fn post(&mut self, draft: &Draft) {
        let states = [
            ("notice", "published"),
            ("request", "open"),
            ("plan", "proposed"),
        ];
        let state = states.iter().find(|(kind, _)| *kind == draft.kind);
        let mut view = self.documents[0].clone();
        view.id = POSTED;
        view.kind.clone_from(&draft.kind);
        view.author = self.status.member.clone().expect("the reader is a member");
        view.created_ms = self.now_ms;
        view.updated_ms = self.now_ms;
        view.fields.clone_from(&draft.fields);
        view.state = state.map(|(_, state)| (*state).to_owned());
        view.comments = 0;
        view.unread = false;
        view.mine = true;
        if draft.kind == "comment" {
            view.about = serde_json::from_value(draft.fields["about"].clone()).ok();
            self.comments.push(view);
        } else {
            self.documents.insert(0, view);
        }
    }

    fn put_details(&mut self, document: DocumentId, text: &Confidential) {
        let by = self.status.member.clone().expect("the reader is a member");
        let detail = DetailView {
            id: DocumentId([8; 32]),
            by,
            time_ms: self.now_ms,
            text: Some(text.clone()),
            readers: Vec::new(),
        };
        self.details.insert(document, vec![detail]);
    }

    /// Tells it to the leads of building 3, where the reader lives.
    fn put_door(&mut self, text: &Confidential) {
        let household = self.status.member.clone().expect("the reader is a member");
        self.doors.retain(|door| door.household.id != household.id);
        self.doors.push(DoorView {
            household,
            door: text.clone(),
            since_ms: self.now_ms,
            readers: super::doors::leads(&self.roster),
        });
    }

    fn erase(&mut self, document: DocumentId) {
        self.details.remove(&document);
        let mut documents = self.documents.iter_mut();
        if let Some(view) = documents.find(|view| view.id == document) {
            view.fields.clear();
            view.state = None;
            view.completeness = protocol::api::Completeness::Erased;
        }
    }

    fn show(&self, document: DocumentId) -> Result<Answer, Failure> {
        let mut all = self.documents.iter().chain(&self.comments);
        let found = all.find(|view| view.id == document);
        let Some(found) = found else {
            return Err(Failure::Refused(fixtures::refusal("not-found", None)));
        };
        let about = self.comments.iter();
        let about = about.filter(|comment| comment.about == Some(document));
        let mut comments: Vec<DocumentView> = about.cloned().collect();
        comments.sort_by_key(|comment| comment.created_ms);
        Ok(Answer::Document {
            document: Box::new(found.clone()),
            comments,
        })
    }

    fn counts(&self) -> Counts {
        let kinds = ["notice", "request", "plan"].map(|kind| {
            let of_kind = || self.documents.iter().filter(move |view| view.kind == kind);
            KindCount {
                kind: kind.to_owned(),
                total: of_kind().count() as u64,
                unread: of_kind().filter(|view| view.unread).count() as u64,
                mine: of_kind().filter(|view| view.mine).count() as u64,
                states: BTreeMap::new(),
            }
        });
        Counts {
            kinds: kinds.to_vec(),
            drafts: self.drafts.len() as u64,
        }
    }

    pub fn carry_out(&mut self, order: HostOrder) -> Result<HostAnswer, Refusal> {
        if let Some(refusal) = self.host_refuses.take() {
            self.ordered.push(order);
            return Err(refusal);
        }
        let answer = match &order {
            HostOrder::BackUp { file, protection } => Ok(HostAnswer::BackedUp {
                file: whole(file),
                bytes: 98_304,
                key_file: matches!(protection, Protection::KeyFile)
                    .then(|| format!("{}.key", whole(file))),
            }),
            HostOrder::CheckBackup { .. } => Ok(HostAnswer::BackupHolds(BackupInside {
                neighbourhood: "梧桐里".to_owned(),
                household: "01010101".to_owned(),
                made_ms: super::NOW_MS,
                entries: 128,
                devices: 5,
                drafts: 1,
                bytes: 98_304,
            })),
            HostOrder::RecoverySheet { file, passphrase } => match passphrase {
                None if self.is_locked => Ok(HostAnswer::PassphraseNeeded),
                Some(typed) if typed.expose() != "right" => {
                    Err(fixtures::refusal("keystore", None))
                }
                _ => Ok(HostAnswer::SheetWritten(whole(file))),
            },
            HostOrder::Export(folder) => Ok(HostAnswer::Exported {
                folder: whole(folder),
                files: 42,
            }),
            HostOrder::Print { file, .. } => Ok(HostAnswer::Printed(whole(file))),
            HostOrder::Leave(folder) => {
                self.reachable = false;
                Ok(HostAnswer::Left {
                    folder: whole(folder),
                    held: true,
                })
            }
            HostOrder::Words(_) => Ok(HostAnswer::Words(
                (1..=24).map(|number| format!("word{number}")).collect(),
            )),
            HostOrder::ReadInvitation(text) if text.contains("wrong") => {
                Err(fixtures::refusal("invitation", None))
            }
            HostOrder::ReadInvitation(text) if EnrolmentCode::is_meant_by(text) => {
                let minutes = if text.contains("over") { -1 } else { 9 };
                Ok(HostAnswer::Invitation {
                    text: text.clone(),
                    neighbourhood: "梧桐里".to_owned(),
                    expires_ms: super::NOW_MS + minutes * 60 * 1_000,
                    lets_in: LetsIn::Device {
                        household: "01010101".to_owned(),
                    },
                })
            }
            HostOrder::ReadInvitation(_) | HostOrder::ReadInvitationFile(_) => {
                Ok(HostAnswer::Invitation {
                    text: fixtures::INVITATION.to_owned(),
                    neighbourhood: "梧桐里".to_owned(),
                    expires_ms: super::NOW_MS + 24 * 60 * 60 * 1_000,
                    lets_in: LetsIn::Household,
                })
            }
            HostOrder::Unlock(passphrase) if passphrase.expose() != "right" => {
                Err(fixtures::refusal("keystore", None))
            }
            HostOrder::Make(home) if is_used_up(&home.way) => {
                Err(fixtures::refusal("used-up", None))
            }
            HostOrder::Make(_) | HostOrder::Unlock(_) => Ok(HostAnswer::Running("/nowhere".into())),
            HostOrder::ActAs(household) => Ok(HostAnswer::Acting {
                household: *household,
                socket: "/nowhere".into(),
                cut: false,
            }),
            HostOrder::CutNetwork(cut) => Ok(HostAnswer::Network { cut: *cut }),
        };
        self.ordered.push(order);
        answer
    }
}

/// A path as the host tells it.
fn whole(path: &Path) -> String {
    path.to_string_lossy().replace('~', "/home/lin")
}

fn is_used_up(way: &Way) -> bool {
    matches!(way, Way::Enrol { code } if code.contains("used"))
}
