//! What moderation lets the reader do with a document, and what everybody may do about its author.

use protocol::api::{DocumentView, Standing};
use protocol::id::MemberId;
use protocol::kind::Kinds;
use serde_json::Value;

use super::act::{Act, facts, is_own};
use crate::app::Context;
use crate::screen::composer::Deed;

/// Returns what is worth offering about a document as it stands.
pub(super) fn possible(view: &DocumentView, context: &Context<'_>) -> Vec<Act> {
    let status = context.known.status.as_ref();
    let standing = status.and_then(|status| status.me.as_ref());
    let (Some(me), Some(standing)) = (context.known.me(), standing) else {
        return Vec::new();
    };
    let mut acts = about_act(view, me, standing);
    if view.kind == "agreement" && !facts(view, "signings").any(|fact| is_own(fact, context)) {
        acts.push(Act::SignAgreement);
    }
    let kind = Kinds::standard().by_name(&view.kind);
    if kind.is_some_and(|kind| kind.hideable) && view.author.id != me {
        if standing.moderates && view.moderation.is_none() {
            acts.push(Act::Moderate(Deed::Hide(view.id)));
            acts.push(Act::Moderate(Deed::Mute(view.author.id)));
        }
        acts.push(Act::Block(!view.blocked));
    }
    acts
}

/// What can be done about the act that a document is, or that takes it out of view.
fn about_act(view: &DocumentView, me: MemberId, standing: &Standing) -> Vec<Act> {
    let (id, subject, by, state) = match &view.moderation {
        Some(act) => (
            act.id,
            act.member.id.to_string(),
            act.by.id,
            act.state.as_str(),
        ),
        None if view.kind == "moderation" => {
            let subject = view.fields.get("member").and_then(Value::as_str);
            let state = view.state.as_deref().unwrap_or_default();
            let subject = subject.unwrap_or_default().to_owned();
            (view.id, subject, view.author.id, state)
        }
        None => return Vec::new(),
    };
    let own = subject == me.to_string();
    let stands = matches!(state, "hidden" | "muted");
    let mut acts = Vec::new();
    if own && stands {
        acts.push(Deed::Appeal(id));
    }
    if !own && by != me && standing.decides_appeals && matches!(state, "appealed" | "upheld") {
        acts.push(Deed::Decide(id));
    }
    if !own && standing.moderates && (stands || state == "appealed") {
        acts.push(Deed::Lift(id));
    }
    acts.into_iter().map(Act::Moderate).collect()
}
