//! Which method, path, query and body stand for which request. The node's router is the other
//! half; a test there sends every request through both.

use protocol::api::Request;
use protocol::api::body::{
    Changes, ImportDocumentsQuery, ImportQuery, NewAppeal, NewAppointment, NewBackup, NewCode,
    NewCut, NewDecision, NewDetails, NewInvitation, NewLifting, NewOffice, NewPeer, NewProxies,
    NewRecord, NewRestoration, NewSignature, Reading, RecordEnd, SearchQuery, ThoughtOfCut,
    UnreadAgain,
};
use protocol::id::DocumentId;
use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

/// What of a request is no path.
pub enum Body {
    /// Nothing.
    None,
    /// JSON.
    Json(Value),
    /// A file as it is.
    Bytes(Vec<u8>),
}

/// A request as HTTP.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path below the version.
    pub path: String,
    /// The query.
    pub query: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

impl Route {
    /// The route of the event stream.
    pub fn events() -> Self {
        Self::get("events")
    }

    /// The route of a request.
    pub fn of(request: Request) -> Self {
        match request {
            Request::Status => Self::get("status"),
            Request::Post(draft) => Self::post("documents", &draft),
            Request::Edit {
                document,
                fields,
                base,
            } => {
                let path = format!("documents/{document}");
                Self::send(Method::PATCH, path, &Changes { fields, base })
            }
            Request::History { document } => Self::get(format!("documents/{document}/history")),
            Request::Restore { document, entry } => Self::post(
                &format!("documents/{document}/restorations"),
                &NewRestoration { entry },
            ),
            Request::Details { document } => Self::get(details(document)),
            Request::PutDetails { document, text } => {
                Self::send(Method::PUT, details(document), &NewDetails { text })
            }
            Request::Doors => Self::get("doors"),
            Request::PutDoor { text } => {
                Self::send(Method::PUT, "door".to_owned(), &NewDetails { text })
            }
            Request::EraseDoor => Self::delete("door".to_owned()),
            Request::EraseDetails { document } => Self::delete(details(document)),
            Request::Erase { document } => Self::delete(format!("documents/{document}")),
            Request::Drafts => Self::get("drafts"),
            Request::PutDraft { id, draft } => {
                Self::send(Method::PUT, format!("drafts/{}", in_path(&id)), &draft)
            }
            Request::RemoveDraft { id } => Self::delete(format!("drafts/{}", in_path(&id))),
            Request::MarkUnread { documents } => {
                Self::post("unread-marks", &UnreadAgain { documents })
            }
            Request::MarkRead {
                documents,
                everything,
            } => Self::post(
                "reading-marks",
                &Reading {
                    documents,
                    everything,
                },
            ),
            Request::Counts => Self::get("counts"),
            Request::Today => Self::get("today"),
            Request::Settings => Self::get("settings"),
            Request::PutSettings(settings) => {
                Self::send(Method::PUT, "settings".to_owned(), &settings)
            }
            Request::List(query) => Self::get("documents").with_query(&query),
            Request::Show { document } => Self::get(format!("documents/{document}")),
            Request::ShowHidden { document } => Self::get(format!("documents/{document}/hidden")),
            Request::Acknowledgements { document } => {
                Self::get(format!("documents/{document}/acknowledgements"))
            }
            Request::Moderations => Self::get("moderations"),
            Request::Moderate(act) => Self::post("moderations", &act),
            Request::Appeal { moderation, body } => Self::post(
                &format!("moderations/{moderation}/appeals"),
                &NewAppeal { body },
            ),
            Request::Decide {
                moderation,
                outcome,
                reason,
            } => Self::post(
                &format!("moderations/{moderation}/decisions"),
                &NewDecision { outcome, reason },
            ),
            Request::LiftModeration { moderation, reason } => Self::post(
                &format!("moderations/{moderation}/restorations"),
                &NewLifting { reason },
            ),
            Request::Agreement => Self::get("agreement"),
            Request::SignAgreement { agreement } => {
                Self::post("agreement/signatures", &NewSignature { agreement })
            }
            Request::Blocks => Self::get("blocks"),
            Request::Block { member } => Self::put(format!("blocks/{member}")),
            Request::Unblock { member } => Self::delete(format!("blocks/{member}")),
            Request::Search { words, limit } => {
                Self::get("search").with_query(&SearchQuery { words, limit })
            }
            Request::Roster => Self::get("roster"),
            Request::Invite {
                uses,
                lifetime_ms,
                invited_as,
                addresses,
                successor_of,
            } => Self::post(
                "invitations",
                &NewInvitation {
                    uses,
                    lifetime_ms,
                    invited_as,
                    addresses,
                    successor_of,
                },
            ),
            Request::AddDevice {
                lifetime_ms,
                addresses,
            } => Self::post(
                "devices/codes",
                &NewCode {
                    lifetime_ms,
                    addresses,
                },
            ),
            Request::EnrolmentCodes => Self::get("devices/codes"),
            Request::CancelCode { code } => Self::delete(format!("devices/codes/{code}")),
            Request::Leave => Self::delete("membership".to_owned()),
            Request::Backup { lock } => Self::post("backup", &NewBackup { lock }),
            Request::Appoint {
                member,
                role,
                office,
                building,
            } => Self::post(
                "appointments",
                &NewAppointment {
                    member,
                    role,
                    office,
                    building,
                },
            ),
            Request::Promote { member } => Self::put(format!("members/{member}/promotion")),
            Request::AddOffice { name, spokespeople } => {
                Self::post("offices", &NewOffice { name, spokespeople })
            }
            Request::RecordHousehold {
                name,
                building,
                proxies,
                consent,
            } => Self::post(
                "households",
                &NewRecord {
                    name,
                    building,
                    proxies,
                    consent,
                },
            ),
            Request::AddProxies {
                record,
                proxies,
                consent,
            } => Self::post(
                &format!("households/{record}/proxies"),
                &NewProxies { proxies, consent },
            ),
            Request::EndRecord {
                record,
                proxy,
                reason,
            } => Self::post(
                &format!("households/{record}/ends"),
                &RecordEnd { proxy, reason },
            ),
            Request::Motions => Self::get("motions"),
            Request::Move(motion) => Self::post("motions", &motion),
            Request::CoSign { motion } => Self::put(format!("motions/{motion}/cosignature")),
            Request::Enact { motion } => Self::put(format!("motions/{motion}/enactment")),
            Request::Cut {
                target,
                reason,
                from,
            } => {
                let cut = NewCut {
                    target,
                    reason,
                    from,
                };
                Self::post("cuts", &cut)
            }
            Request::CutLoss { target, from } => {
                Self::post("cuts/losses", &ThoughtOfCut { target, from })
            }
            Request::Peers => Self::get("peers"),
            Request::Dial { address } => Self::post("peers", &NewPeer { address }),
            Request::ImportRequests { file, preview } => Self {
                method: Method::POST,
                body: Body::Bytes(file),
                ..Self::get("imports/requests").with_query(&ImportQuery { preview })
            },
            Request::ImportDocuments {
                file,
                kind,
                preview,
            } => Self {
                method: Method::POST,
                body: Body::Bytes(file),
                ..Self::get("imports/documents").with_query(&ImportDocumentsQuery { kind, preview })
            },
            Request::ImportBundle { file } => Self {
                method: Method::POST,
                body: Body::Bytes(file),
                ..Self::get("imports/bundle")
            },
            Request::ExportBundle => Self::get("space/bundle"),
            Request::ExportSpace => Self::get("space"),
            Request::ExportAutomerge { document } => {
                Self::get(format!("documents/{document}/automerge"))
            }
            Request::Doctor => Self::get("doctor"),
        }
    }

    fn put(path: String) -> Self {
        Self {
            method: Method::PUT,
            ..Self::get(path)
        }
    }

    fn delete(path: String) -> Self {
        Self {
            method: Method::DELETE,
            ..Self::get(path)
        }
    }

    fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            query: Vec::new(),
            body: Body::None,
        }
    }

    fn post(path: &str, body: &impl Serialize) -> Self {
        Self::send(Method::POST, path.to_owned(), body)
    }

    fn send(method: Method, path: String, body: &impl Serialize) -> Self {
        let body = serde_json::to_value(body).expect("the interface's types are JSON");
        Self {
            method,
            path,
            query: Vec::new(),
            body: Body::Json(body),
        }
    }

    fn with_query(mut self, query: &impl Serialize) -> Self {
        let value = serde_json::to_value(query).expect("the interface's types are JSON");
        let fields = value.as_object().into_iter().flatten();
        self.query = fields
            .filter_map(|(name, value)| match value {
                Value::Null => None,
                Value::String(text) => Some((name.clone(), text.clone())),
                other => Some((name.clone(), other.to_string())),
            })
            .collect();
        self
    }
}

/// Writes a name that a person may have chosen as one part of a path. What no name may hold
/// becomes a character that the node refuses, so that it cannot reach another path.
fn in_path(name: &str) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let letters = name
        .chars()
        .map(|letter| if allowed(letter) { letter } else { '~' });
    letters.collect()
}

fn details(document: DocumentId) -> String {
    format!("documents/{document}/details")
}
