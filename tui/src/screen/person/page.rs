//! What is told of a member or a relay, as blocks from top to bottom.

use protocol::api::{
    RosterDevice, RosterMember, RosterRecorded, RosterRelay, RosterView, StatementRef,
};

use super::Who;
use crate::app::Context;
use crate::screen::acts::acted_as;
use crate::screen::doors;
use crate::screen::people::rows::{member_lines, name, names, recorded_lines, relay_lines};
use crate::text::styled::StyledText;

/// The name of whom a page is about.
pub(crate) fn title(who: Who, roster: &RosterView, context: &Context<'_>) -> String {
    let found = match who {
        Who::Member(id) => {
            let mut members = roster.members.iter();
            members
                .find(|member| member.id == id)
                .map(|member| member_lines(member, roster, context).0)
        }
        Who::Recorded(id) => {
            let mut recorded = roster.recorded.iter();
            recorded
                .find(|recorded| recorded.id == id)
                .map(|recorded| recorded_lines(recorded, context).0)
        }
        Who::Relay(device) => {
            let mut relays = roster.relays.iter();
            relays
                .find(|relay| relay.device == device)
                .map(|relay| relay.name.clone())
        }
    };
    found.unwrap_or_else(|| context.words.text("somebody-unknown"))
}

/// Makes the blocks of a page.
pub(crate) fn blocks(who: Who, roster: &RosterView, context: &Context<'_>) -> Vec<StyledText> {
    let found = match who {
        Who::Member(id) => {
            let member = roster.members.iter().find(|member| member.id == id);
            member.map(|member| member_blocks(member, roster, context))
        }
        Who::Recorded(id) => {
            let mut recorded = roster.recorded.iter();
            let recorded = recorded.find(|recorded| recorded.id == id);
            recorded.map(|recorded| recorded_blocks(recorded, roster, context))
        }
        Who::Relay(device) => {
            let relay = roster.relays.iter().find(|relay| relay.device == device);
            relay.map(|relay| relay_blocks(relay, roster, context))
        }
    };
    // Whoever is in the roster once stays there.
    found.unwrap_or_else(|| vec![StyledText::plain(context.words.text("loading"))])
}

fn member_blocks(
    member: &RosterMember,
    roster: &RosterView,
    context: &Context<'_>,
) -> Vec<StyledText> {
    let (words, theme) = (context.words, context.theme);
    let (name, details, _) = member_lines(member, roster, context);
    // Who acts for an office stands below at length.
    let details = match member.kind.as_str() {
        "office" => words.member_kind(&member.kind),
        _ => details,
    };
    let mut blocks = vec![
        StyledText::new().with(&name, theme.heading),
        StyledText::new().with(&details, theme.text),
    ];
    if let Some(removal) = &member.removal {
        let removed = words.text("person-removed");
        let text = format!(
            "{} {removed}{}",
            theme.marks.failed,
            by(removal, roster, context)
        );
        blocks.push(StyledText::new().with(&text, theme.bad));
    }
    if context.known.blocked.contains(&member.id) {
        let text = words.text("person-blocked");
        blocks.push(StyledText::new().with(&text, theme.dim));
    }
    if let Some(of) = member.successor_of {
        let of = self::name(of, roster, context);
        let text = words.with("person-succeeds", &[("name", of.into())]);
        blocks.push(StyledText::new().with(&text, theme.text));
    }
    blocks.extend(of_office(member, roster, context));
    if !member.devices.is_empty() {
        blocks.extend(heading("person-devices", context));
        let devices = member.devices.iter();
        blocks.extend(devices.map(|device| device_block(device, roster, context)));
    }
    blocks.extend(doors::own_blocks(member, roster, context));
    blocks.extend(powers(member, roster, context));
    blocks.extend(excluded(member, roster, context));
    blocks
}

fn heading(key: &str, context: &Context<'_>) -> [StyledText; 2] {
    let text = context.words.text(key);
    [
        StyledText::plain(""),
        StyledText::new().with(&text, context.theme.heading),
    ]
}

/// Who acts and speaks for an office, and who added it.
fn of_office(member: &RosterMember, roster: &RosterView, context: &Context<'_>) -> Vec<StyledText> {
    let Some(office) = roster.offices.iter().find(|office| office.id == member.id) else {
        return Vec::new();
    };
    let (words, theme) = (context.words, context.theme);
    let added = words.text("person-added");
    let added = format!("{added}{}", by(&office.added, roster, context));
    let mut blocks = vec![StyledText::new().with(&added, theme.dim)];
    for (key, members, none) in [
        ("person-stewards", &office.stewards, "person-no-stewards"),
        (
            "person-spokespeople",
            &office.spokespeople,
            "person-no-spokespeople",
        ),
    ] {
        blocks.extend(heading(key, context));
        blocks.push(match members.is_empty() {
            true => StyledText::new().with(&words.text(none), theme.dim),
            false => StyledText::plain(names(members, roster, context)),
        });
    }
    blocks
}

fn device_block(device: &RosterDevice, roster: &RosterView, context: &Context<'_>) -> StyledText {
    let (words, theme) = (context.words, context.theme);
    let between = format!(" {} ", theme.marks.between);
    let status = context.known.status.as_ref();
    let is_this = status.is_some_and(|status| status.device == device.id);
    let (mark, style, key) = match (device.cut, device.forked, is_this) {
        (true, ..) => (theme.marks.failed, theme.over, "device-revoked"),
        (false, true, _) => (theme.marks.warning, theme.warning, "member-forked"),
        (false, false, true) => (theme.marks.own, theme.own, "device-this"),
        (false, false, false) => (theme.marks.done, theme.text, "device-in-use"),
    };
    let mut text = StyledText::new();
    text.push(&format!("{mark} {}", device.id.short()), style);
    text.push(&format!("{between}{}", words.text(key)), style);
    if let Some(ended) = &device.ended {
        text.push(&by(ended, roster, context), theme.dim);
    }
    text
}

/// What somebody may do: capacity by capacity, with who granted it.
fn powers(member: &RosterMember, roster: &RosterView, context: &Context<'_>) -> Vec<StyledText> {
    if member.removed {
        return Vec::new();
    }
    let words = context.words;
    let mut capacities = Vec::new();
    // The founder was admitted by nobody, and who added an office stands above.
    let is_told = !member.founder && member.kind != "office";
    let admitted = member.admission.as_ref().filter(|_| is_told);
    let granted = admitted.map(|admission| {
        let by = by(admission, roster, context);
        format!("{}{by}", words.text("granted-admission"))
    });
    capacities.push((
        member.kind.as_str(),
        words.member_kind(&member.kind),
        granted,
    ));
    if member.founder {
        capacities.push(("founder", words.text("capacity-founder"), None));
    }
    for role in member.roles.iter().filter(|role| !role.cut) {
        let named = words.acted_as(&acted_as(role, roster));
        let granted = role.appointed.as_ref().map(|appointed| {
            let by = by(appointed, roster, context);
            format!("{}{by}", words.text("granted-appointment"))
        });
        capacities.push((role.role.as_str(), named, granted));
    }
    let mut blocks = heading("person-powers", context).to_vec();
    for (capacity, named, granted) in capacities {
        blocks.extend(capacity_blocks(capacity, &named, granted, roster, context));
    }
    blocks
}

fn capacity_blocks(
    capacity: &str,
    named: &str,
    granted: Option<String>,
    roster: &RosterView,
    context: &Context<'_>,
) -> Vec<StyledText> {
    let (words, theme) = (context.words, context.theme);
    let mut head = StyledText::new();
    head.push(&format!("{} ", theme.marks.selected), theme.dim);
    head.push(named, theme.important);
    if let Some(granted) = granted {
        let between = theme.marks.between;
        head.push(&format!(" {between} {granted}"), theme.dim);
    }
    let told = roster.powers.iter().find(|told| told.capacity == capacity);
    let may = told.map_or(&[][..], |told| &told.may);
    let may: Vec<String> = may.iter().map(|power| words.power(power)).collect();
    let may = match may.is_empty() {
        true => words.text("powers-none"),
        false => may.join(&words.text("between-names")),
    };
    vec![
        head,
        StyledText::new().with(&format!("  {may}"), theme.text),
    ]
}

/// What of somebody does not count, and why.
fn excluded(member: &RosterMember, roster: &RosterView, context: &Context<'_>) -> Vec<StyledText> {
    let (words, theme) = (context.words, context.theme);
    let between = format!(" {} ", theme.marks.between);
    let of_member = roster.excluded.iter();
    let mut of_member = of_member
        .filter(|statement| statement.member == Some(member.id))
        .peekable();
    if of_member.peek().is_none() {
        return Vec::new();
    }
    let mut blocks = heading("person-excluded", context).to_vec();
    blocks.extend(of_member.map(|statement| {
        let act = statement.act.as_ref().map(|act| words.act(act));
        let acted_as = statement.acted_as.as_ref();
        let acted_as = acted_as.map(|acted_as| words.acted_as(acted_as));
        let parts = act.into_iter().chain(acted_as);
        let parts: Vec<String> = parts.chain([words.why(&statement.reason)]).collect();
        let text = format!("{} {}", theme.marks.failed, parts.join(&between));
        StyledText::new().with(&text, theme.over)
    }));
    blocks
}

/// A household without a device: what it is, on what consent, and who acts or acted for it.
fn recorded_blocks(
    recorded: &RosterRecorded,
    roster: &RosterView,
    context: &Context<'_>,
) -> Vec<StyledText> {
    let (words, theme) = (context.words, context.theme);
    let (name, details, _) = recorded_lines(recorded, context);
    let consent = |text: &str| words.with("recorded-consent", &[("consent", text.into())]);
    let made = words.text("recorded-made");
    let made = format!("{made}{}", by(&recorded.recorded, roster, context));
    let mut blocks = vec![
        StyledText::new().with(&name, theme.heading),
        StyledText::new().with(&details, theme.text),
        StyledText::new().with(&words.text("recorded-explained"), theme.dim),
        StyledText::new().with(&consent(&recorded.consent), theme.text),
        StyledText::new().with(&made, theme.dim),
    ];
    if let Some(ended) = &recorded.ended {
        let text = words.text("recorded-ended");
        let text = format!(
            "{} {text}{}",
            theme.marks.failed,
            by(ended, roster, context)
        );
        blocks.push(StyledText::new().with(&text, theme.bad));
    }
    if !recorded.proxies.is_empty() {
        blocks.extend(heading("recorded-proxies", context));
    }
    for proxy in &recorded.proxies {
        let (mark, style) = match proxy.ended {
            Some(_) => (theme.marks.failed, theme.over),
            None => (theme.marks.selected, theme.text),
        };
        let named = by(&proxy.named, roster, context);
        let head = format!("{mark} {}", words.member(&proxy.member));
        blocks.push(StyledText::new().with(&head, style).with(&named, theme.dim));
        let said = format!("  {}", consent(&proxy.consent));
        blocks.push(StyledText::new().with(&said, theme.text));
        if let Some(ended) = &proxy.ended {
            let text = words.text("recorded-proxy-ended");
            let text = format!("  {text}{}", by(ended, roster, context));
            blocks.push(StyledText::new().with(&text, theme.dim));
        }
    }
    blocks
}

fn relay_blocks(
    relay: &RosterRelay,
    roster: &RosterView,
    context: &Context<'_>,
) -> Vec<StyledText> {
    let (words, theme) = (context.words, context.theme);
    let (name, details, _) = relay_lines(relay, context);
    let mut blocks = vec![
        StyledText::new().with(&name, theme.heading),
        StyledText::new().with(&details, theme.text),
        StyledText::new().with(&words.text("person-relay"), theme.dim),
    ];
    if let Some(certified) = &relay.certified {
        let text = words.text("person-certified");
        let text = format!("{text}{}", by(certified, roster, context));
        blocks.push(StyledText::new().with(&text, theme.dim));
    }
    let digits = relay.device.short();
    let device = words.with("person-device", &[("device", digits.into())]);
    blocks.push(StyledText::new().with(&device, theme.dim));
    blocks
}

/// Who made a statement, in which capacity, when and why: behind what it did.
fn by(statement: &StatementRef, roster: &RosterView, context: &Context<'_>) -> String {
    let words = context.words;
    let between = format!(" {} ", context.theme.marks.between);
    let who = statement.by.map(|by| name(by, roster, context));
    let acted_as = words.acted_as(&statement.acted_as);
    let when = statement.time_ms;
    let when = when.map(|time_ms| context.clock.past(words, time_ms));
    let parts = who.into_iter().chain([acted_as]).chain(when);
    let parts = parts.chain(statement.reason.clone());
    parts.map(|part| format!("{between}{part}")).collect()
}
