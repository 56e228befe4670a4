//! Documents as readers see them, and which of them a list holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ModerationView;
use crate::id::{DocumentId, EntryId, MemberId};
use crate::text::shared_words;

/// A document as a reader sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentView {
    /// The document.
    pub id: DocumentId,
    /// Name of its kind: `notice`, `request`, `plan`, `comment`, `agreement`, `moderation`, or
    /// `unknown-N`.
    pub kind: String,
    /// The member that created it.
    pub author: MemberRef,
    /// The household without a device for which its author wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_household: Option<RecordedRef>,
    /// Claimed time of its creation.
    pub created_ms: i64,
    /// Claimed time of its newest counting change.
    pub updated_ms: i64,
    /// Values by field name: text, number, flag, or a list of objects with `id`, `by`, `time_ms`
    /// and their own fields.
    pub fields: BTreeMap<String, Value>,
    /// Fields that several people set at once, with every value that stands, the shown one first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub conflicts: BTreeMap<String, Vec<Value>>,
    /// The state that its facts amount to; for kinds that have states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Who acts next, and by when; for kinds that run a course.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<NextAct>,
    /// The document that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<DocumentId>,
    /// How many comments are about it.
    #[serde(default)]
    pub comments: u32,
    /// What the reader must know about how whole it is.
    pub completeness: Completeness,
    /// Whether others wrote something in it, or a comment about it, since the reader's mark.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unread: bool,
    /// Whether the own household wrote it or made a fact in it, such as an offer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mine: bool,
    /// Its newest entries: the base of a later edit. Only where one document is shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<EntryId>,
    /// Whether the claimed time of creation lies ahead of the reader's clock.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub time_ahead: bool,
    /// How far the newest entry that the reader's own household wrote in it has come; none when it
    /// wrote nothing in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// The act of moderation that takes it out of view; what the document says is left out unless
    /// it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moderation: Option<Box<ModerationView>>,
    /// Whether this node's household blocks its author. Nobody else is told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocked: bool,
}

/// States in which a request still asks for help.
const ASKING: &[&str] = &["open", "offered", "matched", "in-progress", "double-booked"];
/// Categories of requests that say nothing of what is asked for.
const VAGUE_CATEGORIES: &[&str] = &["goods", "other"];

impl DocumentView {
    /// Tells whether two requests seem to ask for the same: both still ask, they are one household's
    /// for the same household and of one category, and the windows that they name overlap. A request
    /// without a window asks for as long as it stands. Where the category says nothing of what is
    /// asked for, their titles must share a word.
    pub fn seems_to_ask_the_same(&self, other: &Self) -> bool {
        let asks = |view: &Self| {
            let state = view.state.as_deref();
            view.kind == "request" && state.is_some_and(|state| ASKING.contains(&state))
        };
        let [(from, until), (other_from, other_until)] = [self, other].map(Self::asks_in_ms);
        self.id != other.id
            && asks(self)
            && asks(other)
            && self.author.id == other.author.id
            && self.for_household == other.for_household
            && self.fields.get("category") == other.fields.get("category")
            && from < other_until
            && other_from < until
            && (self.category_says_what() || self.words_shared_with(other) > 0)
    }

    /// How many words the titles of two documents share: of several that seem to ask for the same,
    /// the likest has most.
    pub fn words_shared_with(&self, other: &Self) -> usize {
        let [one, other] = [self, other].map(|view| {
            let title = view.fields.get("title").and_then(Value::as_str);
            title.unwrap_or_default()
        });
        shared_words(one, other)
    }

    fn category_says_what(&self) -> bool {
        let category = self.fields.get("category").and_then(Value::as_str);
        category.is_some_and(|category| !VAGUE_CATEGORIES.contains(&category))
    }

    fn asks_in_ms(&self) -> (i64, i64) {
        let time = |name: &str| self.fields.get(name).and_then(Value::as_i64);
        let from = time("from_ms").unwrap_or(self.created_ms);
        let until = time("until_ms").or_else(|| time("expires_ms"));
        (from, until.unwrap_or(i64::MAX))
    }
}

/// What is to be done next, by whom, and by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NextAct {
    /// What is to be done.
    pub step: NextStep,
    /// Who is to do it.
    pub who: NextActor,
    /// The members that are meant, where they are known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberRef>,
    /// By when it should be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_ms: Option<i64>,
    /// From when on it is their turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_ms: Option<i64>,
    /// Until when it is their turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<i64>,
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NextStep {
    /// Offer help.
    Offer,
    /// Choose among offers.
    Choose,
    /// Choose whom to keep of more helpers than are wanted.
    ChooseOne,
    /// Confirm the time.
    ConfirmTime,
    /// Say that it is done.
    SayDone,
    /// Confirm that it is done.
    Confirm,
    /// Renew what has expired.
    Renew,
}

/// Who is to do something next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NextActor {
    /// Who asked.
    Requester,
    /// Those whose offers were accepted.
    Helpers,
    /// The building; the neighbourhood where none is named.
    Building,
    /// Stewards too.
    Stewards,
    /// Every household and office.
    Anyone,
}

/// How far an own entry has come, beyond this node where it is saved: who has signed that it holds
/// it durably. Nothing here says that anybody saw or read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// How many relays hold it.
    pub relays: u32,
    /// How many other members, not devices, hold it.
    pub homes: u32,
}

/// How whole a document is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Completeness {
    /// All that its author and editors meant.
    Complete,
    /// Entries are missing that others refer to; they are being asked for.
    Incomplete,
    /// Its payloads were dropped after a retirement.
    Erased,
    /// It holds something that this version cannot read; it can be read but not edited.
    ReadOnly,
}

/// A member as it is shown beside what it wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberRef {
    /// The member.
    pub id: MemberId,
    /// Its name, empty when it is not known yet. Where it can be mistaken for another member's, the
    /// beginning of the member's digits stands behind it, as in `林家 #1a2b3c4d`.
    pub name: String,
    /// Its building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
}

/// A household without a device as it is shown beside what others wrote for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordedRef {
    /// The statement that recorded it: the value of a field `for_household`.
    pub id: EntryId,
    /// Its name, empty when its record is not known or does not count.
    pub name: String,
    /// Its building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
}

impl MemberRef {
    /// Returns a name as it is shown: with the beginning of the member's digits where it can be
    /// mistaken for another member's.
    pub fn told_apart(id: MemberId, name: String, can_be_mistaken: bool) -> String {
        match can_be_mistaken {
            true => format!("{name} #{}", id.short()),
            false => name,
        }
    }
}

/// A new document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    /// Name of the kind.
    pub kind: String,
    /// Values by field name.
    pub fields: BTreeMap<String, Value>,
}

/// Which documents a list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ListQuery {
    /// Name of the kind; every kind but comments when none.
    #[serde(default)]
    pub kind: Option<String>,
    /// Only documents about this one.
    #[serde(default)]
    pub about: Option<DocumentId>,
    /// Only those in one of these states; in a query, words with commas between them.
    #[serde(default, rename = "state", with = "commas")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>))]
    pub states: Vec<String>,
    /// Only those of one category.
    #[serde(default)]
    pub category: Option<String>,
    /// Only those that belong to one building or are meant for it.
    #[serde(default)]
    pub building: Option<String>,
    /// Only those that are unread.
    #[serde(default)]
    pub unread: bool,
    /// Only those that the own household wrote or made a fact in.
    #[serde(default)]
    pub mine: bool,
    /// Which come first.
    #[serde(default)]
    pub order: ListOrder,
    /// How many at most; the node has a limit of its own.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Where the last list ended.
    #[serde(default)]
    pub after: Option<String>,
    /// Only those whose name begins so, in hexadecimal digits; of every kind, comments too.
    #[serde(default)]
    pub prefix: Option<String>,
}

/// Which documents of a list come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ListOrder {
    /// Those created last.
    #[default]
    Newest,
    /// Those changed or commented on last.
    Changed,
}

/// Several words as one value of a query.
mod commas {
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(words: &[String], serializer: S) -> Result<S::Ok, S::Error> {
        if words.is_empty() {
            serializer.serialize_none()
        } else {
            serializer.serialize_str(&words.join(","))
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<String>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
        let words = text.split(',').filter(|word| !word.is_empty());
        Ok(words.map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request(id: u8, category: &str, title: &str) -> DocumentView {
        let view = json!({
            "id": DocumentId([id; 32]),
            "kind": "request",
            "author": { "id": MemberId([1; 32]), "name": "林家" },
            "created_ms": 1,
            "updated_ms": 1,
            "fields": { "title": title, "category": category },
            "state": "open",
            "completeness": "complete",
        });
        serde_json::from_value(view).expect("a view")
    }

    #[test]
    fn requests_of_a_vague_category_are_alike_by_their_titles() {
        let check = |category: &str, one: &str, other: &str, alike: bool| {
            let [one, other] = [request(1, category, one), request(2, category, other)];
            assert_eq!(one.seems_to_ask_the_same(&other), alike, "{category}");
            assert_eq!(other.seems_to_ask_the_same(&one), alike, "{category}");
        };
        check("goods", "谁有梯子？", "周六借个梯子", true);
        check("goods", "谁有梯子？", "谁有退烧药？", false);
        check("other", "借把锤子", "帮忙浇花", false);
        check("other", "Water my plants", "Plants on the stairs", true);
        check("errand", "取药", "去药房", true);
    }
}
