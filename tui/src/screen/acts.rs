//! What the reader may do with a document beside reading it: offer help, accept, confirm, withdraw,
//! acknowledge, take a plan a step on. A popup to choose from.
//!
//! It only knows what is worth offering; whether an act counts is the node's to say.

use std::collections::BTreeMap;

use protocol::api::{DocumentView, Request};
use protocol::kind::{Kinds, List as FactList, Shape};
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;
use serde_json::{Map, Value, json};

use super::composer::Composer;
use crate::app::{
    Action, Binding, Canvas, Click, Context, Failure, Go, Input, Key, Layer, Screen, Step,
};
use crate::text::width::truncate;

const TAG_WRITTEN: u32 = 1;

const KEYS: &[Binding] = &[
    Binding::new(
        &[
            Key::code(KeyCode::Enter),
            Key::code(KeyCode::Right),
            Key::char('l'),
        ],
        Action::Open,
        "do-choose",
    )
    .hinted(),
    Binding::new(
        &[Key::code(KeyCode::Up), Key::char('k')],
        Action::Up,
        "do-up",
    ),
    Binding::new(
        &[Key::code(KeyCode::Down), Key::char('j')],
        Action::Down,
        "do-down",
    ),
];

/// Who may be offered an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// Who wrote the document.
    Creator,
    /// Who has an offer that stands.
    Helper,
    /// Everybody else.
    Other,
}

/// What an act is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    /// The document.
    Document,
    /// Each offer that stands and was not accepted.
    OpenOffers,
    /// Each offer that was accepted.
    AcceptedOffers,
    /// The own offer.
    OwnOffer,
}

/// When an act is worth offering.
struct Occasion {
    kind: &'static str,
    list: &'static str,
    by: By,
    states: &'static [&'static str],
    about: About,
}

const fn occasion(
    kind: &'static str,
    list: &'static str,
    by: By,
    states: &'static [&'static str],
    about: About,
) -> Occasion {
    Occasion {
        kind,
        list,
        by,
        states,
        about,
    }
}

const ASKING: &[&str] = &["open", "offered"];
const HELPING: &[&str] = &["matched", "in-progress", "double-booked"];

/// What is worth offering, the likeliest first.
const OCCASIONS: &[Occasion] = &[
    occasion(
        "request",
        "acceptances",
        By::Creator,
        ASKING,
        About::OpenOffers,
    ),
    occasion(
        "request",
        "confirmations",
        By::Creator,
        &["done", "closed-unconfirmed"],
        About::Document,
    ),
    occasion("request", "offers", By::Other, ASKING, About::Document),
    occasion("request", "check_ins", By::Helper, HELPING, About::OwnOffer),
    occasion(
        "request",
        "completions",
        By::Helper,
        HELPING,
        About::OwnOffer,
    ),
    occasion(
        "request",
        "completions",
        By::Creator,
        HELPING,
        About::AcceptedOffers,
    ),
    occasion(
        "request",
        "withdrawals",
        By::Creator,
        HELPING,
        About::AcceptedOffers,
    ),
    occasion(
        "request",
        "withdrawals",
        By::Helper,
        &["offered", "matched", "in-progress", "double-booked"],
        About::OwnOffer,
    ),
    occasion(
        "request",
        "reopenings",
        By::Creator,
        &[
            "done",
            "confirmed",
            "closed-unconfirmed",
            "expired",
            "cancelled",
        ],
        About::Document,
    ),
    occasion(
        "request",
        "cancellations",
        By::Creator,
        ASKING,
        About::Document,
    ),
    occasion(
        "notice",
        "acknowledgements",
        By::Other,
        &["published", "corrected"],
        About::Document,
    ),
    occasion(
        "notice",
        "withdrawals",
        By::Creator,
        &["published", "corrected"],
        About::Document,
    ),
    occasion(
        "plan",
        "steps",
        By::Creator,
        &["proposed", "planning", "published", "running", "postponed"],
        About::Document,
    ),
];

/// One thing that can be done.
#[derive(Clone, Debug)]
pub struct Act {
    list: &'static FactList,
    /// The offer it names.
    offer: Option<String>,
    /// Who made that offer, for the label.
    offered_by: Option<String>,
}

/// Returns what the reader may do with a document, the likeliest first.
pub fn possible(view: &DocumentView, context: &Context<'_>) -> Vec<Act> {
    let Some(kind) = Kinds::standard().by_name(&view.kind) else {
        return Vec::new();
    };
    let Some(state) = view.state.as_deref() else {
        return Vec::new();
    };
    let offers = Offers::of(view, context);
    let by = offers.reader(view, context);
    let mut acts = Vec::new();
    for occasion in OCCASIONS {
        let fits = occasion.kind == view.kind
            && occasion.states.contains(&state)
            && (occasion.by == by
                || occasion.list == "offers" && by == By::Helper && offers.own_withdrawn());
        let Some(list) = kind.list(occasion.list).filter(|_| fits) else {
            continue;
        };
        if occasion.list == "acknowledgements" && !wants_acknowledgement(view, context) {
            continue;
        }
        let named: Vec<&Offer> = match occasion.about {
            About::Document => {
                acts.push(Act {
                    list,
                    offer: None,
                    offered_by: None,
                });
                continue;
            }
            About::OpenOffers => offers.all.iter().filter(|offer| !offer.accepted).collect(),
            About::AcceptedOffers => offers.all.iter().filter(|offer| offer.accepted).collect(),
            About::OwnOffer => {
                let own = offers.all.iter().filter(|offer| offer.own);
                // Who was not accepted has nothing to confirm or to finish.
                own.filter(|offer| match occasion.list {
                    "check_ins" => offer.accepted && !offer.under_way,
                    "completions" => offer.accepted,
                    _ => true,
                })
                .collect()
            }
        };
        acts.extend(named.into_iter().map(|offer| Act {
            list,
            offer: Some(offer.id.clone()),
            offered_by: (!offer.own).then(|| offer.by.clone()),
        }));
    }
    acts
}

fn wants_acknowledgement(view: &DocumentView, context: &Context<'_>) -> bool {
    let asked = view.fields.get("ack") == Some(&Value::Bool(true));
    // One may acknowledge for a household without a device; that says nothing for one's own.
    let me = context.known.me().map(|me| me.to_string());
    let given = facts(view, "acknowledgements").any(|fact| match fact.get("household") {
        Some(household) => household.as_str().map(str::to_owned) == me,
        None => is_own(fact, context),
    });
    asked && !given
}

/// An offer that stands.
struct Offer {
    id: String,
    by: String,
    own: bool,
    accepted: bool,
    /// Whether its helper has confirmed the time.
    under_way: bool,
}

/// The offers of a request that stand.
struct Offers {
    all: Vec<Offer>,
}

impl Offers {
    fn of(view: &DocumentView, context: &Context<'_>) -> Self {
        let named = |list: &str, id: &str| {
            let mut of_offer = facts(view, list);
            of_offer.any(|fact| fact.get("offer").and_then(Value::as_str) == Some(id))
        };
        let mut all = Vec::new();
        for fact in facts(view, "offers") {
            let Some(id) = fact.get("id").and_then(Value::as_str) else {
                continue;
            };
            let own = is_own(fact, context);
            let withdrawn = facts(view, "withdrawals").any(|withdrawal| {
                withdrawal.get("offer").and_then(Value::as_str) == Some(id)
                    && withdrawal.get("by") == fact.get("by")
            });
            if withdrawn {
                continue;
            }
            all.push(Offer {
                id: id.to_owned(),
                by: name_of(fact, context),
                own,
                accepted: named("acceptances", id) && !named("withdrawals", id),
                under_way: named("check_ins", id),
            });
        }
        Self { all }
    }

    fn reader(&self, view: &DocumentView, context: &Context<'_>) -> By {
        if context.known.me() == Some(view.author.id) {
            By::Creator
        } else if self.all.iter().any(|offer| offer.own) {
            By::Helper
        } else {
            By::Other
        }
    }

    fn own_withdrawn(&self) -> bool {
        !self.all.iter().any(|offer| offer.own)
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

fn is_own(fact: &Map<String, Value>, context: &Context<'_>) -> bool {
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

impl Act {
    /// What it is called.
    pub(crate) fn label(&self, kind: &str, context: &Context<'_>) -> String {
        let item = self.list.item.replace('_', "-");
        let key = format!("act-{kind}-{item}");
        match &self.offered_by {
            Some(by) => context
                .words
                .with(&format!("{key}.of"), &[("name", by.into())]),
            None => context.words.text(&key),
        }
    }

    /// Whether something is to be said with it.
    pub(crate) fn asks(&self) -> bool {
        self.list.fields.iter().any(|field| {
            field.shape != Shape::Item
                && field.name != "way"
                && !matches!(field.shape, Shape::Member)
        })
    }

    fn fixed(&self) -> BTreeMap<String, Value> {
        let offer = self.offer.iter();
        offer
            .map(|offer| ("offer".to_owned(), json!(offer)))
            .collect()
    }

    /// The form that asks for what is said with it.
    pub(crate) fn composer(&self, view: &DocumentView) -> Composer {
        Composer::fact(view, self.list, self.fixed())
    }

    /// Writes it as it is.
    pub(crate) fn request(&self, view: &DocumentView) -> Request {
        let fact = Value::Object(self.fixed().into_iter().collect());
        Request::Edit {
            document: view.id,
            fields: BTreeMap::from([(self.list.name.to_owned(), fact)]),
            base: Vec::new(),
        }
    }
}

/// The popup.
#[derive(Debug)]
pub struct Acts {
    view: DocumentView,
    acts: Vec<Act>,
    selected: usize,
    refusal: Option<String>,
    writing: bool,
}

impl Acts {
    /// Makes the popup for a document.
    pub fn new(view: DocumentView, acts: Vec<Act>) -> Self {
        Self {
            view,
            acts,
            selected: 0,
            refusal: None,
            writing: false,
        }
    }

    fn choose(&mut self) -> Step {
        let Some(act) = self.acts.get(self.selected).filter(|_| !self.writing) else {
            return Step::stay();
        };
        if act.asks() {
            return Step::go(Go::Replace(Box::new(act.composer(&self.view))));
        }
        let request = act.request(&self.view);
        self.writing = true;
        Step::stay().ask(TAG_WRITTEN, request)
    }
}

impl Screen for Acts {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("acts-title")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn layer(&self) -> Layer {
        let rows = u16::try_from(self.acts.len()).unwrap_or(u16::MAX);
        Layer::Popup {
            width: 56,
            height: rows.saturating_add(4),
        }
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Action(Action::Up) => {
                self.selected = self.selected.saturating_sub(1);
                Step::stay()
            }
            Input::Action(Action::Down) => {
                self.selected = (self.selected + 1).min(self.acts.len().saturating_sub(1));
                Step::stay()
            }
            Input::Action(Action::Open) => self.choose(),
            Input::Clicked(place) => {
                self.selected = (place as usize).min(self.acts.len().saturating_sub(1));
                self.choose()
            }
            Input::Answered {
                tag: TAG_WRITTEN,
                outcome,
            } => {
                self.writing = false;
                match outcome {
                    Ok(_) => Step::stay()
                        .remark(context.words.text("act-written"))
                        .and_back(),
                    Err(Failure::Refused(refusal)) => {
                        self.refusal = Some(refusal.message.clone());
                        Step::stay()
                    }
                    Err(Failure::Unreachable) => {
                        self.refusal = Some(context.words.text("status-no-node"));
                        Step::stay()
                    }
                }
            }
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let (theme, look) = (context.theme, context.look());
        for (row, (place, act)) in (area.y..area.bottom()).zip(self.acts.iter().enumerate()) {
            let line = Rect {
                y: row,
                height: 1,
                ..area
            };
            let is_selected = place == self.selected;
            let style = if is_selected {
                theme.selected
            } else {
                theme.text
            };
            canvas.fill(line, style);
            let lead = if is_selected {
                theme.marks.selected
            } else {
                " "
            };
            let text = format!("{lead} {}", act.label(&self.view.kind, context));
            let text = truncate(&text, usize::from(line.width), look.ambiguous);
            canvas.line(line, &text, style, look);
            canvas.click(line, Click::Place(u32::try_from(place).unwrap_or(u32::MAX)));
        }
        if let Some(refusal) = &self.refusal
            && area.height > 1
        {
            let line = Rect {
                y: area.bottom() - 1,
                height: 1,
                ..area
            };
            canvas.line(line, refusal, theme.bad, look);
        }
    }
}
