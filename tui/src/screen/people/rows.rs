//! Who is who, in two lines each: households, offices, relays.

use protocol::api::{RosterMember, RosterRecorded, RosterRelay, RosterView};
use protocol::id::MemberId;

use crate::app::Context;

/// Members as residents look for them: the own household, then from house to house, those who are
/// gone last; offices behind the households.
pub(crate) fn ordered(roster: &RosterView, me: Option<MemberId>) -> Vec<&RosterMember> {
    let mut members: Vec<&RosterMember> = roster.members.iter().collect();
    members.sort_by_cached_key(|member| {
        let building = member.building.as_deref().unwrap_or_default();
        let number: Option<u32> = building.parse().ok();
        (
            member.kind == "office",
            member.removed || member.moved_out,
            me != Some(member.id),
            number.unwrap_or(u32::MAX),
            building.to_owned(),
            member.name.clone(),
            member.id,
        )
    });
    members
}

/// A member's name, and what else is known of it.
pub(crate) fn member_lines(
    member: &RosterMember,
    roster: &RosterView,
    context: &Context<'_>,
) -> (String, String, ratatui::style::Style) {
    let (words, theme) = (context.words, context.theme);
    let own = context.known.me() == Some(member.id);
    let name = match &member.building {
        Some(of) => context.words.with_building(&member.shown_name(), of),
        None => member.shown_name(),
    };
    let name = match own {
        true => words.with("name-own", &[("name", (&name).into())]),
        false => name,
    };
    let mut parts = vec![words.member_kind(&member.kind)];
    if member.removed {
        parts.push(words.text("member-removed"));
    }
    if member.founder {
        parts.push(words.text("member-founder"));
    }
    for role in member.roles.iter().filter(|role| !role.cut) {
        let office = role
            .office
            .and_then(|id| roster.members.iter().find(|one| one.id == id));
        let building = role.building.as_ref().map(|of| context.words.building(of));
        let of = office
            .map(|office| office.name.as_str())
            .or(building.as_deref());
        parts.push(words.capacity(&role.role, of));
    }
    if member.kind == "office" {
        parts.extend(office_parts(member, roster, context));
    } else if member.moved_out {
        parts.push(words.text("member-moved-out"));
    } else if !member.removed {
        let devices = member.devices.iter().filter(|device| !device.cut).count();
        parts.push(words.with("member-devices", &[("count", devices.into())]));
    }
    if member
        .devices
        .iter()
        .any(|device| device.forked && !device.cut)
    {
        parts.push(words.text("member-forked"));
    }
    if let Some(by) = member.admitted_by
        && let Some(by) = roster.members.iter().find(|one| one.id == by)
        && !member.founder
        && !member.removed
        && member.kind != "office"
    {
        parts.push(words.with("member-admitted-by", &[("name", (&by.name).into())]));
    }
    let style = match (member.removed || member.moved_out, own) {
        (true, _) => theme.over,
        (false, true) => theme.own,
        (false, false) => theme.text,
    };
    (
        name,
        parts.join(&format!(" {} ", theme.marks.between)),
        style,
    )
}

/// The name of a household without a device, and who acts for it.
pub(crate) fn recorded_lines(
    recorded: &RosterRecorded,
    context: &Context<'_>,
) -> (String, String, ratatui::style::Style) {
    let (words, theme) = (context.words, context.theme);
    let acting: Vec<String> = recorded
        .acting()
        .map(|proxy| words.member(&proxy.member))
        .collect();
    let acting = match &recorded.ended {
        Some(_) => words.text("recorded-ended"),
        None => words.acting(&acting),
    };
    let parts = [words.text("recorded-no-device"), acting];
    let style = match recorded.ended {
        Some(_) => theme.over,
        None => theme.text,
    };
    (
        words.recorded(&recorded.shown()),
        parts.join(&format!(" {} ", theme.marks.between)),
        style,
    )
}

/// A relay's name, and what else is known of it.
pub(crate) fn relay_lines(
    relay: &RosterRelay,
    context: &Context<'_>,
) -> (String, String, ratatui::style::Style) {
    let words = context.words;
    let mut parts = vec![words.text("peer-relay")];
    if let Some(building) = &relay.building {
        parts.push(context.words.building(building));
    }
    if relay.cut {
        parts.push(words.text("relay-ended"));
    }
    let between = format!(" {} ", context.theme.marks.between);
    (relay.name.clone(), parts.join(&between), context.theme.text)
}

/// Who acts and speaks for an office.
fn office_parts(office: &RosterMember, roster: &RosterView, context: &Context<'_>) -> Vec<String> {
    let Some(told) = roster.offices.iter().find(|one| one.id == office.id) else {
        return Vec::new();
    };
    let all = [
        ("office-stewards", &told.stewards),
        ("office-spokespeople", &told.spokespeople),
    ];
    let all = all.into_iter().filter(|(_, members)| !members.is_empty());
    all.map(|(key, members)| {
        let names = names(members, roster, context);
        context.words.with(key, &[("names", names.into())])
    })
    .collect()
}

/// What members are called, one after the other.
pub(crate) fn names(members: &[MemberId], roster: &RosterView, context: &Context<'_>) -> String {
    let called = members.iter().map(|id| name(*id, roster, context));
    let called: Vec<String> = called.collect();
    called.join(&context.words.text("between-names"))
}

/// What a member is called.
pub(crate) fn name(id: MemberId, roster: &RosterView, context: &Context<'_>) -> String {
    match roster.members.iter().find(|member| member.id == id) {
        Some(member) => member.shown_name(),
        None => context.words.text("somebody-unknown"),
    }
}
