//! From what a person types to a name of 32 bytes: whole names, their beginnings, and members by
//! what they are called.

use std::str::FromStr;

use protocol::api::{Answer, ListQuery, ModerationView, MotionView, OpenCode, Request, RosterView};
use protocol::id::{DeviceId, DocumentId, EntryId, InvitationId, MemberId};

use super::error::CliError;
use super::plain;
use super::session::Session;

/// Digits of a beginning at least.
pub const PREFIX_DIGITS_MIN: usize = 4;

/// Finds a document.
///
/// # Errors
///
/// [`CliError::Unknown`] or [`CliError::Ambiguous`].
pub async fn document(session: &Session, name: &str) -> Result<DocumentId, CliError> {
    // As the code on a sheet of paper has it.
    let name = name.strip_prefix("linli:").unwrap_or(name);
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let Some(prefix) = prefix(name) else {
        return Err(unknown(name));
    };
    let query = ListQuery {
        prefix: Some(prefix.clone()),
        limit: Some(8),
        ..ListQuery::default()
    };
    let Answer::Documents { items, .. } = session.call(Request::List(query)).await? else {
        return Err(CliError::OtherAnswer);
    };
    let candidates = items
        .into_iter()
        .filter(|item| item.id.to_string().starts_with(&prefix));
    let candidates = candidates.map(|item| {
        let title = item.fields.get("title").map(plain::value);
        (item.id, title.unwrap_or_default())
    });
    one_of(name, candidates.collect())
}

/// Finds a member by its name of 32 bytes, the beginning of it, or what it is called.
///
/// # Errors
///
/// [`CliError::Unknown`] or [`CliError::Ambiguous`].
pub fn member(roster: &RosterView, name: &str) -> Result<MemberId, CliError> {
    let called = roster.members.iter().filter(|member| member.name == name);
    let called: Vec<_> = called
        .map(|member| (member.id, member.name.clone()))
        .collect();
    if !called.is_empty() {
        return one_of(name, called);
    }
    let all = roster.members.iter();
    by_digits(name, all.map(|member| (member.id, member.name.clone())))
}

/// Finds a household without a device by its name of 32 bytes, the beginning of it, or what it is
/// called: of several with one name, one whose record has not ended.
///
/// # Errors
///
/// [`CliError::Unknown`] or [`CliError::Ambiguous`].
pub fn recorded(roster: &RosterView, name: &str) -> Result<EntryId, CliError> {
    let called = |ended: bool| -> Vec<(EntryId, String)> {
        let called = roster.recorded.iter();
        let called = called.filter(|recorded| recorded.name == name);
        called
            .filter(|recorded| recorded.ended.is_some() == ended)
            .map(|recorded| (recorded.id, recorded.name.clone()))
            .collect()
    };
    for ended in [false, true] {
        let called = called(ended);
        if !called.is_empty() {
            return one_of(name, called);
        }
    }
    let all = roster.recorded.iter();
    by_digits(
        name,
        all.map(|recorded| (recorded.id, recorded.name.clone())),
    )
}

/// For whom somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActedFor {
    /// A household without a device.
    Recorded(EntryId),
    /// A member.
    Member(MemberId),
}

/// Finds a household by its name, with or without a device.
///
/// # Errors
///
/// [`CliError::Unknown`] or [`CliError::Ambiguous`].
pub fn household(roster: &RosterView, name: &str) -> Result<ActedFor, CliError> {
    let digits = name.parse::<EntryId>().ok();
    if let Some(id) = digits {
        let mut all = roster.recorded.iter();
        return Ok(match all.any(|recorded| recorded.id == id) {
            true => ActedFor::Recorded(id),
            false => ActedFor::Member(MemberId(id.0)),
        });
    }
    match (recorded(roster, name), member(roster, name)) {
        (Ok(recorded), Ok(member)) => one_of(
            name,
            vec![
                (recorded.to_string(), name.to_owned()),
                (member.to_string(), name.to_owned()),
            ],
        )
        .map(|_| ActedFor::Recorded(recorded)),
        (Ok(recorded), Err(_)) => Ok(ActedFor::Recorded(recorded)),
        (Err(ambiguous @ CliError::Ambiguous { .. }), _) => Err(ambiguous),
        (Err(_), member) => member.map(ActedFor::Member),
    }
}

/// Finds a device of a member.
///
/// # Errors
///
/// [`CliError::Unknown`] or [`CliError::Ambiguous`].
pub fn device(roster: &RosterView, name: &str) -> Result<DeviceId, CliError> {
    let devices = roster.members.iter().flat_map(|member| {
        let owner = &member.name;
        member
            .devices
            .iter()
            .map(|device| (device.id, owner.clone()))
    });
    by_digits(name, devices)
}

/// Finds a relay.
///
/// # Errors
///
/// [`CliError::Unknown`] or [`CliError::Ambiguous`].
pub fn relay(roster: &RosterView, name: &str) -> Result<DeviceId, CliError> {
    let called = roster.relays.iter().filter(|relay| relay.name == name);
    let called: Vec<_> = called
        .map(|relay| (relay.device, relay.name.clone()))
        .collect();
    if !called.is_empty() {
        return one_of(name, called);
    }
    let relays = roster.relays.iter();
    by_digits(name, relays.map(|relay| (relay.device, relay.name.clone())))
}

/// Finds the statement that gave a role.
///
/// # Errors
///
/// [`CliError::Unknown`] or [`CliError::Ambiguous`].
pub fn appointment(roster: &RosterView, name: &str) -> Result<EntryId, CliError> {
    let roles = roster.members.iter().flat_map(|member| {
        let holder = &member.name;
        let describe = move |role: &str| format!("{holder}: {role}");
        member
            .roles
            .iter()
            .map(move |role| (role.appointment, describe(&role.role)))
    });
    by_digits(name, roles)
}

/// Finds a motion, or else an act that the founder decided alone.
///
/// # Errors
///
/// [`CliError::Unknown`] or [`CliError::Ambiguous`].
pub fn motion(motions: &[MotionView], alone: &[EntryId], name: &str) -> Result<EntryId, CliError> {
    let named = motions.iter();
    let named = named.map(|motion| (motion.id, motion.by.name.clone()));
    match by_digits(name, named) {
        Err(CliError::Unknown { .. }) => {
            by_digits(name, alone.iter().map(|&id| (id, String::new())))
        }
        found => found,
    }
}

/// Finds an act of moderation by its own name, or by the name of what it hides: one that stands
/// before one that does not.
///
/// # Errors
///
/// [`CliError::Unknown`] or [`CliError::Ambiguous`].
pub fn moderation(acts: &[ModerationView], name: &str) -> Result<DocumentId, CliError> {
    let begins = |id: DocumentId| {
        let whole = id.to_string() == name;
        whole || prefix(name).is_some_and(|prefix| id.to_string().starts_with(&prefix))
    };
    let describe = |act: &&ModerationView| (act.id, act.reason.clone());
    let own = acts.iter().filter(|act| begins(act.id));
    let about = |stands| {
        let named = acts.iter().filter(move |act| act.stands == stands);
        named.filter(move |act| act.about.is_some_and(begins))
    };
    let own: Vec<_> = own.map(|act| describe(&act)).collect();
    if !own.is_empty() {
        return one_of(name, own);
    }
    let standing: Vec<_> = about(true).map(|act| describe(&act)).collect();
    match standing.is_empty() {
        false => one_of(name, standing),
        // Of those that stand no longer, the newest comes first.
        true => one_of(
            name,
            about(false).take(1).map(|act| describe(&act)).collect(),
        ),
    }
}

/// Finds a code for a further device by what names it.
///
/// # Errors
///
/// [`CliError::Unknown`] or [`CliError::Ambiguous`].
pub fn code(codes: &[OpenCode], name: &str) -> Result<InvitationId, CliError> {
    let codes = codes.iter();
    by_digits(name, codes.map(|code| (code.id, String::new())))
}

fn by_digits<T: FromStr + ToString>(
    name: &str,
    all: impl Iterator<Item = (T, String)>,
) -> Result<T, CliError> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let Some(prefix) = prefix(name) else {
        return Err(unknown(name));
    };
    let fits = all.filter(|(id, _)| id.to_string().starts_with(&prefix));
    one_of(name, fits.collect())
}

fn prefix(name: &str) -> Option<String> {
    let is_hex = name.chars().all(|digit| digit.is_ascii_hexdigit());
    let fits = (PREFIX_DIGITS_MIN..64).contains(&name.len());
    (is_hex && fits).then(|| name.to_ascii_lowercase())
}

fn one_of<T: ToString>(name: &str, mut fits: Vec<(T, String)>) -> Result<T, CliError> {
    if fits.len() > 1 {
        let candidates = fits.iter();
        return Err(CliError::Ambiguous {
            name: plain::line(name),
            candidates: candidates
                .map(|(id, called)| format!("{} {}", id.to_string(), plain::line(called)))
                .collect(),
        });
    }
    fits.pop().map(|(id, _)| id).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> CliError {
    CliError::Unknown {
        name: plain::line(name),
    }
}
