//! Moderation: a few words that go with an act, an appeal or a decision. In which capacity it is done
//! is the node's to say.

use std::collections::BTreeMap;

use protocol::api::{ModerationOutcome, NewModeration, Request};
use protocol::id::{DocumentId, MemberId};
use protocol::kind::{Field, Kinds};
use serde_json::Value;

use super::{Composer, Purpose};

/// The kind whose fields and facts it is made of.
const KIND: &str = "moderation";

/// Something that moderation takes words for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Takes a document out of view.
    Hide(DocumentId),
    /// Takes what a member writes from now on out of view.
    Mute(MemberId),
    /// Appeals against an act.
    Appeal(DocumentId),
    /// Decides an appeal.
    Decide(DocumentId),
    /// Takes an act back.
    Lift(DocumentId),
}

impl Deed {
    /// The name of the words for it.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Hide(_) => "act-hide",
            Self::Mute(_) => "act-mute",
            Self::Appeal(_) => "act-appeal",
            Self::Decide(_) => "act-decide",
            Self::Lift(_) => "act-lift",
        }
    }

    /// The list of facts that it adds to; none for a new act.
    const fn list(self) -> Option<&'static str> {
        match self {
            Self::Hide(_) | Self::Mute(_) => None,
            Self::Appeal(_) => Some("appeals"),
            Self::Decide(_) => Some("decisions"),
            Self::Lift(_) => Some("restorations"),
        }
    }

    /// What its fields belong to.
    pub(super) fn field_kind(self) -> String {
        match self.list() {
            Some(list) => format!("{KIND}.{list}"),
            None => KIND.to_owned(),
        }
    }

    fn fields(self) -> Vec<&'static Field> {
        let kinds = Kinds::standard();
        let Some(kind) = kinds.by_name(KIND) else {
            return Vec::new();
        };
        let of: &'static [Field] = match self.list().and_then(|list| kind.list(list)) {
            Some(list) => list.fields,
            None => kind.fields,
        };
        let asked = ["rule", "outcome", "reason", "body"];
        let fields = asked.iter();
        let fields = fields.filter_map(|name| of.iter().find(|field| field.name == *name));
        fields.collect()
    }

    /// What the node is asked.
    pub(super) fn request(self, values: &BTreeMap<String, Value>) -> Request {
        let text = |name: &str| {
            let text = values.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let rule = values.get("rule").and_then(Value::as_u64);
        let rule = rule.and_then(|rule| u32::try_from(rule).ok()).unwrap_or(0);
        let reason = text("reason");
        match self {
            Self::Hide(document) => Request::Moderate(NewModeration::Hide {
                document,
                rule,
                reason,
            }),
            Self::Mute(member) => Request::Moderate(NewModeration::Mute {
                member,
                rule,
                reason,
            }),
            Self::Appeal(moderation) => Request::Appeal {
                moderation,
                body: text("body"),
            },
            Self::Decide(moderation) => Request::Decide {
                moderation,
                outcome: match text("outcome").as_str() {
                    "lifted" => ModerationOutcome::Lifted,
                    _ => ModerationOutcome::Upheld,
                },
                reason,
            },
            Self::Lift(moderation) => Request::LiftModeration { moderation, reason },
        }
    }
}

impl Composer {
    /// Begins the words that go with something that moderation does.
    pub fn moderate(deed: Deed) -> Self {
        Self::new(KIND, Purpose::Moderate(deed), deed.fields())
    }
}
