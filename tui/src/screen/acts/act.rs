//! One thing that can be done with a document: what it is called, and what it takes.

use std::collections::BTreeMap;

use protocol::api::{Confidential, DocumentView, Request};
use protocol::id::{DocumentId, EntryId};
use protocol::kind::{FOR_HOUSEHOLD, List as FactList, Shape};
use serde_json::{Map, Value, json};

use super::super::composer::{Composer, Deed};
use super::roster_act::{RosterAct, blocked_or_not, blocking};
use crate::app::{Context, Undo};

/// One thing that can be done.
#[derive(Clone, Debug)]
pub enum Act {
    /// Writes a fact.
    Fact(Fact),
    /// Keeps one of more helpers than are wanted and releases the others, in one act.
    Keep {
        /// Who is kept.
        name: String,
        /// The offers of the others.
        others: Vec<String>,
    },
    /// Closes it for another request that asks for the same.
    Merge {
        /// The request that goes on.
        into: DocumentId,
        /// What that is called.
        title: String,
    },
    /// Issues a second notice like it, for as long as is usual; whether that is to be acknowledged.
    Again {
        /// Whether it asks for that.
        is_acknowledged: bool,
    },
    /// Tells in confidence how the own household can be reached, in place of what stands.
    TellContact(Option<Confidential>),
    /// Erases how the own household can be reached.
    EraseContact,
    /// Erases the document.
    Erase,
    /// Does something about it that moderation takes words for.
    Moderate(Deed),
    /// Signs the agreement that it is.
    SignAgreement,
    /// Blocks its author on this node, or no longer does.
    Block(bool),
}

/// A fact to be written.
#[derive(Clone, Debug)]
pub struct Fact {
    pub(super) list: &'static FactList,
    /// The fact that it names: an offer, or what is answered.
    pub(super) names: Option<String>,
    /// Who wrote that, or for whom it is, for the label.
    pub(super) of: Option<String>,
    /// The household without a device for which it is.
    pub(super) for_household: Option<EntryId>,
}

/// What an act takes.
#[derive(Debug)]
pub(crate) enum Doing {
    /// A form asks for what is said with it.
    Form(Box<Composer>),
    /// The node is asked at once.
    Request(Request),
    /// The node is asked once the reader has confirmed: it cannot be undone.
    Confirmed(Confirmed),
    /// Something is chosen first, under a title.
    Choice(&'static str, Vec<RosterAct>),
}

/// Something that cannot be undone.
#[derive(Clone, Debug)]
pub(crate) struct Confirmed {
    /// The name of the words that say what it comes to.
    pub question: &'static str,
    /// What else is said.
    pub asks: &'static Asks,
    /// What the node is asked then.
    pub request: Request,
}

/// What is said around a question, by the names of words.
#[derive(Debug)]
pub(crate) struct Asks {
    /// What it is about.
    pub title: &'static str,
    /// To leave things as they are.
    pub keep: &'static str,
    /// To go on.
    pub go_on: &'static str,
    /// That it was done.
    pub done: &'static str,
    /// That it was not.
    pub kept: &'static str,
}

/// Erasing.
const ERASING: Asks = Asks {
    title: "erase-title",
    keep: "erase-not",
    go_on: "erase-indeed",
    done: "erased",
    kept: "erased-not",
};

impl Act {
    /// What it is called.
    pub(crate) fn label(&self, kind: &str, context: &Context<'_>) -> String {
        let words = context.words;
        match self {
            Self::Fact(fact) => fact.label(kind, context),
            Self::Keep { name, .. } => words.with("act-request-keep", &[("name", name.into())]),
            Self::Merge { title, .. } => {
                words.with("act-request-merge", &[("title", title.into())])
            }
            Self::Again {
                is_acknowledged: true,
            } => words.text("act-notice-again-acknowledged"),
            Self::Again { .. } => words.text("act-notice-again"),
            Self::TellContact(None) => words.text("act-contact-tell"),
            Self::TellContact(Some(_)) => words.text("act-contact-change"),
            Self::EraseContact => words.text("act-contact-erase"),
            Self::Erase => words.text("act-document-erase"),
            Self::Moderate(deed) => words.text(deed.label()),
            Self::SignAgreement => words.text("act-sign-agreement"),
            Self::Block(true) => words.text("act-block"),
            Self::Block(false) => words.text("act-unblock"),
        }
    }

    /// Whether it lets the document stand longer.
    pub(crate) fn is_renewal(&self) -> bool {
        match self {
            Self::Fact(fact) => fact.list.name == "renewals",
            Self::Again { .. } => true,
            _ => false,
        }
    }

    /// What takes it back, and the name of the words that say so once it was done.
    pub(crate) fn undo(&self, view: &DocumentView) -> Option<(Undo, &'static str)> {
        match self {
            Self::Fact(fact) => undo_of_fact(view.id, fact.list.name, fact.names.as_deref()),
            Self::Merge { .. } => Some((reopening(view.id), "merged")),
            Self::Block(blocks) => {
                let undo = Undo::Request(blocking(view.author.id, !blocks));
                Some((undo, blocked_or_not(*blocks)))
            }
            _ => None,
        }
    }

    /// What it takes.
    pub(crate) fn doing(&self, view: &DocumentView) -> Doing {
        let document = view.id;
        match self {
            Self::Fact(fact) if fact.asks() => Doing::Form(Box::new(fact.composer(view))),
            Self::Fact(fact) => Doing::Request(fact.request(view)),
            Self::Keep { others, .. } => {
                let others: Vec<Value> =
                    others.iter().map(|offer| json!({"offer": offer})).collect();
                Doing::Request(Request::Edit {
                    document,
                    fields: BTreeMap::from([("withdrawals".to_owned(), others.into())]),
                    base: Vec::new(),
                })
            }
            Self::Merge { into, .. } => {
                Doing::Request(fact_about(document, "merges", json!({ "into": into })))
            }
            Self::Again { .. } => Doing::Form(Box::new(Composer::again(view))),
            Self::TellContact(stands) => {
                let stands = stands.clone().unwrap_or_default();
                Doing::Form(Box::new(Composer::contact(view, stands)))
            }
            Self::EraseContact => Doing::Confirmed(Confirmed {
                question: "erase-contact-question",
                asks: &ERASING,
                request: Request::EraseDetails { document },
            }),
            Self::Erase => Doing::Confirmed(Confirmed {
                question: "erase-question",
                asks: &ERASING,
                request: Request::Erase { document },
            }),
            Self::Moderate(deed) => Doing::Form(Box::new(Composer::moderate(*deed))),
            Self::SignAgreement => Doing::Request(Request::SignAgreement {
                agreement: document,
            }),
            Self::Block(blocks) => Doing::Request(blocking(view.author.id, *blocks)),
        }
    }
}

impl Fact {
    fn label(&self, kind: &str, context: &Context<'_>) -> String {
        let item = self.list.item.replace('_', "-");
        let key = format!("act-{kind}-{item}");
        match &self.of {
            Some(by) => context
                .words
                .with(&format!("{key}.of"), &[("name", by.into())]),
            None => context.words.text(&key),
        }
    }

    /// Whether something is to be said with it.
    fn asks(&self) -> bool {
        self.list.fields.iter().any(|field| {
            field.shape != Shape::Item
                && field.name != "way"
                && !matches!(field.shape, Shape::Member | Shape::Recorded)
        })
    }

    fn fixed(&self) -> BTreeMap<String, Value> {
        let mut fields = self.list.fields.iter();
        let naming = fields.find(|field| field.shape == Shape::Item);
        let named = naming.zip(self.names.as_ref());
        let named = named.map(|(field, names)| (field.name.to_owned(), json!(names)));
        let household = self.for_household;
        let household = household.map(|id| (FOR_HOUSEHOLD.name.to_owned(), json!(id)));
        named.into_iter().chain(household).collect()
    }

    fn composer(&self, view: &DocumentView) -> Composer {
        Composer::fact(view, self.list, self.fixed())
    }

    fn request(&self, view: &DocumentView) -> Request {
        let fact = Value::Object(self.fixed().into_iter().collect());
        let mut request = fact_about(view.id, self.list.name, fact);
        // What says what its author had seen says what was on the screen.
        let says_what_was_seen = self
            .list
            .fields
            .iter()
            .any(|field| field.newest_of.is_some());
        if let (true, Request::Edit { base, .. }) = (says_what_was_seen, &mut request) {
            base.clone_from(&view.heads);
        }
        request
    }
}

/// What takes a fact back that names another, and the name of the words that say so: only what its
/// author may undo by itself.
pub(crate) fn undo_of_fact(
    document: DocumentId,
    list: &str,
    named: Option<&str>,
) -> Option<(Undo, &'static str)> {
    match (list, named) {
        ("acceptances", Some(offer)) => {
            let undo = Undo::Request(withdrawal(document, offer));
            Some((undo, "act-written-undo"))
        }
        ("offers", _) => Some((Undo::OwnOffer(document), "act-written-undo")),
        ("cancellations", _) => Some((reopening(document), "cancelled-undo")),
        _ => None,
    }
}

fn reopening(document: DocumentId) -> Undo {
    Undo::Request(fact_about(document, "reopenings", json!({})))
}

fn withdrawal(document: DocumentId, offer: &str) -> Request {
    fact_about(document, "withdrawals", json!({ "offer": offer }))
}

/// Withdraws the own offer that stands in a request, the newest if there are more.
pub(crate) fn own_withdrawal(view: &DocumentView, context: &Context<'_>) -> Option<Request> {
    let stands = |fact: &&Map<String, Value>| {
        let state = fact.get("state").and_then(Value::as_str);
        is_own(fact, context) && matches!(state, Some("offered" | "standby"))
    };
    let offer = facts(view, "offers").filter(stands).last()?;
    let id = offer.get("id").and_then(Value::as_str)?;
    Some(withdrawal(view.id, id))
}

/// Writes one fact in a list of a document.
fn fact_about(document: DocumentId, list: &str, fact: Value) -> Request {
    Request::Edit {
        document,
        fields: BTreeMap::from([(list.to_owned(), fact)]),
        base: Vec::new(),
    }
}

/// The facts of a list of a document.
pub fn facts<'v>(
    view: &'v DocumentView,
    list: &str,
) -> impl Iterator<Item = &'v Map<String, Value>> {
    let items = view.fields.get(list).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_object)
}

/// Whether the own household wrote a fact.
pub(crate) fn is_own(fact: &Map<String, Value>, context: &Context<'_>) -> bool {
    let by = fact.get("by").and_then(|by| by.get("id"));
    let by = by.and_then(Value::as_str);
    context
        .known
        .me()
        .is_some_and(|me| by == Some(me.to_string().as_str()))
}

/// Who wrote a fact, with the building.
pub fn name_of(fact: &Map<String, Value>, context: &Context<'_>) -> String {
    let by = fact.get("by").cloned().unwrap_or_default();
    match serde_json::from_value(by) {
        Ok(by) => context.words.member(&by),
        Err(_) => context.words.text("somebody-unknown"),
    }
}
