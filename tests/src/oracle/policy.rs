//! What each kind of document allows whom (rule R5), as plain tables written from the product's
//! words. It reads the entry, who its author is where it stood, and who wrote what it touches.

use protocol::id::{DocumentId, EntryId, MemberId};
use protocol::intent::{Content, Intent, ObjectType, Scalar};
use protocol::limits;
use protocol::statement::{MemberKind, Role};

use super::document::Touch;
use super::roster::{Roster, Standing};

/// The root's key for the list of facts.
const FACTS: &str = "facts";
/// A fact's key that says which list it is of.
const IS: &str = "is";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    Creator,
    Members,
    Others,
    Everyone,
}

#[derive(Clone, Copy)]
enum Form {
    Text(usize),
    Markdown,
    Word(&'static [&'static str]),
    Time,
    Number(i64, i64),
    Flag,
    Name,
    Bytes(usize),
    Places(usize),
    Role,
    Moderator,
    Steward,
    Household,
    Fact,
}

#[derive(Clone, Copy)]
struct Field {
    key: &'static str,
    form: Form,
    required: bool,
    setters: Who,
}

struct List {
    item: &'static str,
    appenders: Who,
    fields: &'static [Field],
}

struct Kind {
    code: u16,
    creators: Who,
    fields: &'static [Field],
    lists: &'static [List],
}

const fn field(key: &'static str, form: Form, setters: Who) -> Field {
    Field {
        key,
        form,
        required: false,
        setters,
    }
}

const fn required(key: &'static str, form: Form, setters: Who) -> Field {
    Field {
        key,
        form,
        required: true,
        setters,
    }
}

const fn list(item: &'static str, appenders: Who, fields: &'static [Field]) -> List {
    List {
        item,
        appenders,
        fields,
    }
}

const TITLE: Form = Form::Text(limits::TITLE_CHARS_MAX);
const LINE: Form = Form::Text(limits::LINE_CHARS_MAX);
const REASON: Form = Form::Text(limits::REASON_CHARS_MAX);
const BODY: Form = Form::Text(limits::BODY_CHARS_MAX);
const MINUTES: Field = field("minutes", Form::Number(1, 10_080), Who::Nobody);
const OFFER: Field = required("offer", Form::Fact, Who::Nobody);
const SHARES: Form = Form::Bytes(7_168);
/// For which household without a device the author wrote.
const FOR: Field = field("for_household", Form::Household, Who::Nobody);
const WHY: Field = field("reason", REASON, Who::Nobody);

const MODERATOR: Field = required("capacity", Form::Moderator, Who::Nobody);
const STEWARD: Field = required("capacity", Form::Steward, Who::Nobody);
const GIVEN: Field = required("reason", REASON, Who::Nobody);

const KINDS: [Kind; 8] = [
    Kind {
        code: 1,
        creators: Who::Members,
        fields: &[
            required("title", TITLE, Who::Nobody),
            field("body", BODY, Who::Nobody),
            field(
                "level",
                Form::Word(&["ordinary", "important", "urgent"]),
                Who::Nobody,
            ),
            field("capacity", Form::Role, Who::Nobody),
            field(
                "audience",
                Form::Word(&["neighbourhood", "building"]),
                Who::Nobody,
            ),
            field("building", LINE, Who::Nobody),
            field("ack", Form::Flag, Who::Nobody),
            required("expires_ms", Form::Time, Who::Nobody),
        ],
        lists: &[
            list(
                "correction",
                Who::Creator,
                &[
                    field("title", TITLE, Who::Nobody),
                    field("body", BODY, Who::Nobody),
                    field("material", Form::Flag, Who::Nobody),
                ],
            ),
            list(
                "acknowledgement",
                Who::Members,
                &[
                    field("way", Form::Word(&["self", "paper", "proxy"]), Who::Nobody),
                    field("household", Form::Name, Who::Nobody),
                    field("correction", Form::Fact, Who::Nobody),
                    FOR,
                ],
            ),
            list("withdrawal", Who::Creator, &[WHY]),
        ],
    },
    Kind {
        code: 2,
        creators: Who::Members,
        fields: &[
            required("title", TITLE, Who::Creator),
            field("body", BODY, Who::Creator),
            field(
                "category",
                Form::Word(&["errand", "goods", "visit", "skill", "other"]),
                Who::Creator,
            ),
            field("urgent", Form::Flag, Who::Creator),
            field("reason", REASON, Who::Creator),
            field("when", LINE, Who::Creator),
            field("from_ms", Form::Time, Who::Creator),
            field("until_ms", Form::Time, Who::Creator),
            field("building", LINE, Who::Creator),
            field("place", LINE, Who::Creator),
            field("places", Form::Number(1, 100), Who::Creator),
            required("expires_ms", Form::Time, Who::Creator),
            FOR,
        ],
        lists: &[
            list(
                "offer",
                Who::Members,
                &[
                    field("body", BODY, Who::Creator),
                    field("when", LINE, Who::Creator),
                ],
            ),
            list("acceptance", Who::Creator, &[OFFER]),
            list("withdrawal", Who::Members, &[OFFER, WHY]),
            list("check_in", Who::Members, &[OFFER]),
            list("completion", Who::Members, &[OFFER, MINUTES]),
            list("handover", Who::Creator, &[OFFER]),
            list("confirmation", Who::Creator, &[MINUTES]),
            list(
                "thank",
                Who::Creator,
                &[
                    OFFER,
                    required("words", BODY, Who::Nobody),
                    field("public", Form::Flag, Who::Nobody),
                ],
            ),
            list(
                "assent",
                Who::Members,
                &[required("to", Form::Fact, Who::Nobody)],
            ),
            list(
                "no_show",
                Who::Members,
                &[OFFER, required("statement", REASON, Who::Nobody)],
            ),
            list(
                "reply",
                Who::Members,
                &[
                    required("no_show", Form::Fact, Who::Nobody),
                    required("answer", BODY, Who::Nobody),
                ],
            ),
            list("renewal", Who::Creator, &[]),
            list("cancellation", Who::Creator, &[WHY]),
            list("reopening", Who::Creator, &[WHY]),
            list(
                "merge",
                Who::Creator,
                &[required("into", Form::Name, Who::Nobody)],
            ),
        ],
    },
    Kind {
        code: 3,
        creators: Who::Members,
        fields: &[
            required("title", TITLE, Who::Creator),
            field("date", LINE, Who::Creator),
            field("starts_ms", Form::Time, Who::Creator),
            field("ends_ms", Form::Time, Who::Creator),
            field("place", LINE, Who::Creator),
            field("text", Form::Markdown, Who::Members),
        ],
        lists: &[list(
            "step",
            Who::Creator,
            &[
                required(
                    "to",
                    Form::Word(&[
                        "proposed",
                        "planning",
                        "published",
                        "running",
                        "closed",
                        "cancelled",
                        "postponed",
                    ]),
                    Who::Nobody,
                ),
                WHY,
            ],
        )],
    },
    Kind {
        code: 4,
        creators: Who::Everyone,
        fields: &[
            required("about", Form::Name, Who::Nobody),
            required("body", BODY, Who::Creator),
            field("reply_to", Form::Name, Who::Nobody),
            FOR,
        ],
        lists: &[],
    },
    Kind {
        code: 5,
        creators: Who::Everyone,
        fields: &[
            required("about", Form::Name, Who::Nobody),
            required("sealed", Form::Bytes(2_064), Who::Nobody),
            required("shares", SHARES, Who::Nobody),
        ],
        lists: &[list(
            "sharing",
            Who::Everyone,
            &[required("shares", SHARES, Who::Nobody)],
        )],
    },
    Kind {
        code: 6,
        creators: Who::Members,
        fields: &[
            required("title", TITLE, Who::Nobody),
            required("version", Form::Number(1, 999_999), Who::Nobody),
            field("body", BODY, Who::Nobody),
            required("clauses", BODY, Who::Nobody),
            field("replaces", Form::Name, Who::Nobody),
            STEWARD,
        ],
        lists: &[list("signing", Who::Everyone, &[])],
    },
    Kind {
        code: 7,
        creators: Who::Members,
        fields: &[
            required("act", Form::Word(&["hide", "mute"]), Who::Nobody),
            field("about", Form::Name, Who::Nobody),
            required("member", Form::Name, Who::Nobody),
            required("rule", Form::Number(1, 999), Who::Nobody),
            field("agreement", Form::Name, Who::Nobody),
            GIVEN,
            MODERATOR,
            field("spared", Form::Places(256), Who::Nobody),
        ],
        lists: &[
            list(
                "appeal",
                Who::Everyone,
                &[required("body", BODY, Who::Nobody)],
            ),
            list(
                "decision",
                Who::Others,
                &[
                    required("outcome", Form::Word(&["upheld", "lifted"]), Who::Nobody),
                    GIVEN,
                    STEWARD,
                ],
            ),
            list("restoration", Who::Members, &[GIVEN, MODERATOR]),
        ],
    },
    Kind {
        code: 8,
        creators: Who::Members,
        fields: &[
            required("title", TITLE, Who::Creator),
            field("body", BODY, Who::Creator),
            field(
                "category",
                Form::Word(&["errand", "goods", "visit", "skill", "other"]),
                Who::Creator,
            ),
            field("when", LINE, Who::Creator),
            field("building", LINE, Who::Creator),
            required("expires_ms", Form::Time, Who::Creator),
        ],
        lists: &[
            list("renewal", Who::Creator, &[]),
            list("withdrawal", Who::Creator, &[WHY]),
        ],
    },
];

/// Who writes an entry, where it stood.
struct Author<'a> {
    member: MemberId,
    standing: Option<&'a Standing>,
    creator: MemberId,
    creates: bool,
    time_ms: i64,
}

/// What one entry does, gathered touch by touch.
#[derive(Default)]
struct Gathered<'a> {
    puts: Vec<(&'static str, &'a Scalar)>,
    made: Vec<String>,
    facts: Vec<(u32, Vec<(&'a str, &'a Scalar)>)>,
}

/// Tells whether an entry's author may do what it does to a document. Kinds that are not known
/// here are not judged.
pub fn allows(
    roster: &Roster<'_>,
    kind: u16,
    document: DocumentId,
    creator: Option<MemberId>,
    number: usize,
    touches: &[Touch<'_>],
) -> bool {
    let fact = &roster.history.facts[number];
    let (Some(creator), Some(member)) = (creator, fact.header.member) else {
        return false;
    };
    let Some(kind) = KINDS.iter().find(|known| known.code == kind) else {
        return true;
    };
    let standing = fact
        .seen
        .as_ref()
        .and_then(|past| roster.standing(member, past));
    let standing = standing.map(|standing| roster.as_far_as_spared(standing, number));
    let author = Author {
        member,
        standing: standing.as_ref(),
        creator,
        creates: fact.id == document.into(),
        time_ms: fact.header.time_ms,
    };
    if author.creates && !author.is(kind.creators) {
        return false;
    }
    let owner = |entry: &EntryId| {
        let number = roster.history.find(entry)?;
        roster.history.facts[number].header.member
    };
    let mut gathered = Gathered::default();
    touches
        .iter()
        .all(|touch| kind.touch(&author, touch, &owner, &mut gathered).is_some())
        && kind.is_complete(&author, &gathered)
}

impl Author<'_> {
    fn is(&self, who: Who) -> bool {
        let Some(standing) = self.standing else {
            return false;
        };
        match who {
            Who::Nobody => false,
            Who::Creator => self.member == self.creator,
            Who::Members => standing.kind != MemberKind::Guest,
            Who::Others => standing.kind != MemberKind::Guest && self.member != self.creator,
            Who::Everyone => true,
        }
    }

    fn role(&self, appointment: &[u8]) -> Option<&Role> {
        let roles = &self.standing?.roles;
        let held = roles.iter().find(|(_, id)| id.0 == appointment);
        held.map(|(role, _)| role)
    }
}

/// Devices with places in their logs: 40 bytes each, the devices ascending.
fn are_places(bytes: &[u8], max: usize) -> bool {
    let whole = bytes.len().is_multiple_of(40) && bytes.len() / 40 <= max;
    let devices: Vec<&[u8]> = bytes.chunks(40).map(|place| &place[..32]).collect();
    whole && devices.windows(2).all(|pair| pair[0] < pair[1])
}

impl Author<'_> {
    fn acts_for(&self, household: &[u8]) -> bool {
        let standing = self.standing;
        standing.is_some_and(|standing| standing.acts_for.iter().any(|id| id.0 == household))
    }

    /// Tells whether a capacity is that of the founder who decides alone.
    fn is_founding(&self, capacity: &[u8]) -> bool {
        let founding = self.standing.and_then(|standing| standing.founding);
        founding.is_some_and(|founding| founding.0 == capacity)
    }
}

impl Field {
    fn fits(&self, scalar: &Scalar, author: &Author<'_>) -> bool {
        let empty = matches!(scalar, Scalar::Text(text) if text.is_empty());
        let fits = match (self.form, scalar) {
            (Form::Text(max), Scalar::Text(text)) => text.chars().count() <= max,
            (Form::Word(words), Scalar::Text(text)) => words.contains(&text.as_str()),
            (Form::Time, Scalar::Int(time)) => (0..=limits::TIME_MS_MAX).contains(time),
            (Form::Number(low, high), Scalar::Int(number)) => (low..=high).contains(number),
            (Form::Flag, Scalar::Bool(_)) => true,
            (Form::Name, Scalar::Bytes(bytes)) => bytes.len() == 32,
            (Form::Bytes(max), Scalar::Bytes(bytes)) => bytes.len() <= max,
            (Form::Places(max), Scalar::Bytes(bytes)) => are_places(bytes, max),
            (Form::Role, Scalar::Bytes(bytes)) => author.role(bytes).is_some(),
            (Form::Moderator, Scalar::Bytes(bytes)) => match author.role(bytes) {
                Some(role) => matches!(role, Role::Moderator | Role::Steward { .. }),
                None => author.is_founding(bytes),
            },
            (Form::Steward, Scalar::Bytes(bytes)) => match author.role(bytes) {
                Some(role) => matches!(role, Role::Steward { .. }),
                None => author.is_founding(bytes),
            },
            (Form::Household, Scalar::Bytes(bytes)) => author.acts_for(bytes),
            (Form::Fact, Scalar::Bytes(bytes)) => bytes.len() == 36,
            _ => false,
        };
        fits && !(empty && self.required)
    }
}

impl Kind {
    fn touch<'a>(
        &self,
        author: &Author<'_>,
        touch: &Touch<'a>,
        owner: &impl Fn(&EntryId) -> Option<MemberId>,
        gathered: &mut Gathered<'a>,
    ) -> Option<()> {
        let in_facts = touch.root_key == FACTS && !self.lists.is_empty();
        match (touch.object, touch.depth) {
            (ObjectType::Map, 0) => self.touch_root(author, touch, gathered),
            (ObjectType::Map, 2) if in_facts => self.touch_fact(author, touch, owner, gathered),
            (ObjectType::List, 1) if in_facts => match touch.intent {
                Intent::Insert {
                    content: Content::Object(ObjectType::Map),
                    ..
                } => {
                    gathered.facts.push((touch.atom, Vec::new()));
                    Some(())
                }
                _ => None,
            },
            (ObjectType::Text, 1) => {
                let text = self.fields.iter().find(|field| {
                    field.key == touch.root_key && matches!(field.form, Form::Markdown)
                })?;
                let is_text = matches!(
                    touch.intent,
                    Intent::Splice { .. } | Intent::DeleteRun { .. }
                );
                (is_text && (author.creates || author.is(text.setters))).then_some(())
            }
            _ => None,
        }
    }

    fn touch_root<'a>(
        &self,
        author: &Author<'_>,
        touch: &Touch<'a>,
        gathered: &mut Gathered<'a>,
    ) -> Option<()> {
        let key = touch.root_key.as_str();
        let markdown = |field: &Field| matches!(field.form, Form::Markdown);
        let wanted = if key == FACTS && !self.lists.is_empty() {
            Some(ObjectType::List)
        } else {
            let field = self.fields.iter().find(|field| field.key == key)?;
            markdown(field).then_some(ObjectType::Text)
        };
        if let Some(wanted) = wanted {
            let makes = matches!(touch.intent, Intent::Put { content: Content::Object(kind), .. }
                if *kind == wanted);
            gathered.made.push(key.to_owned());
            return (makes && author.creates).then_some(());
        }
        let field = self.fields.iter().find(|field| field.key == key)?;
        if !author.creates && !author.is(field.setters) {
            return None;
        }
        match touch.intent {
            Intent::Put {
                content: Content::Scalar(scalar),
                ..
            } => {
                gathered.puts.push((field.key, scalar));
                field.fits(scalar, author).then_some(())
            }
            Intent::Delete { .. } => (!field.required).then_some(()),
            _ => None,
        }
    }

    fn touch_fact<'a>(
        &self,
        author: &Author<'_>,
        touch: &Touch<'a>,
        owner: &impl Fn(&EntryId) -> Option<MemberId>,
        gathered: &mut Gathered<'a>,
    ) -> Option<()> {
        let (entry, atom) = touch.made?;
        let key = match touch.intent {
            Intent::Put { key, .. }
            | Intent::Delete { key, .. }
            | Intent::Increment { key, .. } => key.as_str(),
            _ => return None,
        };
        if entry.is_none() {
            let fact = gathered.facts.iter_mut().find(|(made, _)| *made == atom);
            return match (fact, touch.intent) {
                (
                    Some((_, values)),
                    Intent::Put {
                        content: Content::Scalar(scalar),
                        ..
                    },
                ) => {
                    values.push((key, scalar));
                    Some(())
                }
                _ => None,
            };
        }
        // A fact belongs to who wrote it, as long as that one is a member.
        if owner(&entry?) != Some(author.member) || author.standing.is_none() {
            return None;
        }
        let fields = self.lists.iter().flat_map(|list| list.fields);
        let mut named = fields.filter(|field| field.key == key && field.setters != Who::Nobody);
        let allowed = named.any(|field| match touch.intent {
            Intent::Put {
                content: Content::Scalar(scalar),
                ..
            } => field.fits(scalar, author),
            Intent::Delete { .. } => !field.required,
            _ => false,
        });
        allowed.then_some(())
    }

    fn is_complete(&self, author: &Author<'_>, gathered: &Gathered<'_>) -> bool {
        let facts_fit = gathered.facts.iter().all(|(_, values)| {
            let is = values.iter().find_map(|(key, scalar)| match scalar {
                Scalar::Text(name) if *key == IS => Some(name),
                _ => None,
            });
            let list = is.and_then(|is| self.lists.iter().find(|list| list.item == is));
            list.is_some_and(|list| list.fits(author, values))
        });
        let whole = !author.creates
            || (self.fields.iter().all(|field| match field.form {
                Form::Markdown => gathered.made.iter().any(|made| made == field.key),
                _ => !field.required || gathered.puts.iter().any(|(key, _)| *key == field.key),
            }) && (self.lists.is_empty() || gathered.made.iter().any(|made| made == FACTS)));
        facts_fit && whole && self.rule_holds(author, &gathered.puts)
    }

    /// What the table cannot say.
    fn rule_holds(&self, author: &Author<'_>, puts: &[(&'static str, &Scalar)]) -> bool {
        let put = |name: &str| {
            puts.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, scalar)| *scalar)
        };
        let text = |name: &str| match put(name) {
            Some(Scalar::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        let number = |name: &str| match put(name) {
            Some(Scalar::Int(number)) => Some(*number),
            _ => None,
        };
        let says_nothing = |name: &str| text(name).is_none_or(str::is_empty);
        match self.code {
            1 => {
                let names_building = !(author.creates
                    && text("audience") == Some("building")
                    && says_nothing("building"));
                names_building
                    && (text("level") != Some("urgent") || {
                        let role = match put("capacity") {
                            Some(Scalar::Bytes(bytes)) => author.role(bytes),
                            _ => None,
                        };
                        let may = matches!(
                            role,
                            Some(
                                Role::Steward { .. }
                                    | Role::BuildingLead { .. }
                                    | Role::Spokesperson { .. }
                            )
                        );
                        let latest = author.time_ms.saturating_add(limits::URGENT_NOTICE_MS_MAX);
                        may && number("expires_ms").is_some_and(|expires| expires <= latest)
                    })
            }
            2 => put("urgent") != Some(&Scalar::Bool(true)) || !says_nothing("reason"),
            3 => match (number("starts_ms"), number("ends_ms")) {
                (Some(starts), Some(ends)) => starts <= ends,
                _ => true,
            },
            6 => {
                let lines = text("clauses").unwrap_or_default().lines();
                lines.filter(|line| !line.trim().is_empty()).count() <= 999
            }
            7 if author.creates => match text("act") {
                Some("hide") => put("about").is_some() && put("spared").is_none(),
                _ => put("about").is_none(),
            },
            _ => true,
        }
    }
}

impl List {
    fn fits(&self, author: &Author<'_>, values: &[(&str, &Scalar)]) -> bool {
        let known = values
            .iter()
            .filter(|(key, _)| *key != IS)
            .all(|(key, scalar)| {
                let field = self.fields.iter().find(|field| field.key == *key);
                field.is_some_and(|field| field.fits(scalar, author))
            });
        let whole = self
            .fields
            .iter()
            .all(|field| !field.required || values.iter().any(|(key, _)| *key == field.key));
        author.is(self.appenders) && known && whole
    }
}
