//! A neighbourhood that three offices govern, as the node would tell it: its roster and its motions.
//! Household 1 is the reader's own, steward and spokesperson of the first office.

use protocol::api::{MotionView, RosterView, Status};
use serde_json::{Value, json};

use super::NOW_MS;
use super::fixtures::{id, member};

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// A statement of somebody in a capacity.
fn by(byte: u8, acted_as: Value, days_ago: i64) -> Value {
    json!({ "id": id(0xf0), "by": id(byte), "acted_as": acted_as, "time_ms": NOW_MS - days_ago * DAY })
}

fn as_founder() -> Value {
    json!({ "capacity": "founder" })
}

fn as_steward(office: u8, appointment: u8) -> Value {
    json!({ "capacity": "steward", "office": member(office), "appointment": id(appointment) })
}

fn role(role: &str, office: Option<u8>, appointment: u8, appointed: Value) -> Value {
    json!({ "role": role, "office": office.map(id), "building": null, "appointment": id(appointment),
        "appointed_by": appointed["by"], "appointed": appointed, "cut": false })
}

const HOUSEHOLD: &[&str] = &[
    "post",
    "comment",
    "keep-own-devices",
    "describe-itself",
    "end-own-documents",
    "invite-guests",
];
const STEWARD: &[&str] = &[
    "post-urgent-notices",
    "end-documents",
    "admit-households",
    "appoint-moderators",
    "appoint-building-leads",
    "appoint-spokespeople",
    "cut-roles",
    "keep-relays",
    "move",
    "co-sign",
];
const QUORUM: &[&str] = &[
    "cut-roles",
    "appoint-stewards",
    "add-offices",
    "remove-households",
    "readmit",
];
/// What the founder may do beside the rest while it decides alone.
const ALONE: &[&str] = &[
    "admit-households",
    "appoint-moderators",
    "appoint-building-leads",
    "appoint-spokespeople",
    "cut-roles",
    "keep-relays",
    "appoint-stewards",
    "add-offices",
    "remove-households",
    "readmit",
];

fn somebody(byte: u8, kind: &str, may: &[&str], roles: Value) -> Value {
    let of = member(byte);
    let devices = match kind {
        "office" => json!([]),
        _ => json!([{ "id": id(0xd0 + byte), "cut": false, "forked": false }]),
    };
    json!({
        "id": of["id"], "name": of["name"], "kind": kind, "building": of["building"],
        "founder": byte == 1, "removed": false, "admitted_by": id(1),
        "admission": { "id": id(0xf1), "by": id(1), "acted_as": as_founder() },
        "may": may, "devices": devices, "roles": roles
    })
}

/// The roster.
pub fn roster() -> RosterView {
    let own = [HOUSEHOLD, STEWARD].concat();
    let mut me = somebody(
        1,
        "household",
        &own,
        json!([
            role("spokesperson", Some(4), 0xe1, by(1, as_founder(), 40)),
            role("steward", Some(4), 0xe3, by(1, as_founder(), 60))
        ]),
    );
    me["devices"] = json!([
        { "id": id(0xd1), "cut": false, "forked": false },
        { "id": id(0xa1), "cut": false, "forked": false },
        { "id": id(0xa2), "cut": true, "forked": false, "ended": by(1, json!({ "capacity": "household" }), 9) }
    ]);
    let mut lead = role("building-lead", None, 0xe2, by(1, as_steward(4, 0xe3), 30));
    lead["building"] = json!("5");
    let chen = somebody(
        2,
        "household",
        &own,
        json!([
            lead,
            role("steward", Some(5), 0xe4, by(1, as_founder(), 60))
        ]),
    );
    let wang = somebody(
        3,
        "household",
        &own,
        json!([role("steward", Some(6), 0xe5, by(1, as_founder(), 59))]),
    );
    let mut gone = somebody(8, "household", &[], json!([]));
    gone["removed"] = json!(true);
    gone["removal"] = json!({ "id": id(0xf2), "by": null, "time_ms": NOW_MS - 3 * DAY,
        "acted_as": { "capacity": "quorum", "motion": id(0xb2) }, "reason": "刷屏，劝了三次" });
    gone["devices"] =
        json!([{ "id": id(0xd8), "cut": true, "forked": false, "ended": gone["removal"] }]);
    let office = |byte: u8, stewards: Value, spokespeople: Value| {
        json!({ "id": id(byte), "name": member(byte)["name"], "added": by(1, as_founder(), 61),
            "stewards": stewards, "spokespeople": spokespeople })
    };
    let powers = |capacity: &str, may: &[&str]| json!({ "capacity": capacity, "may": may });
    serde_json::from_value(json!({
        "members": [
            me, chen, wang, somebody(7, "guest", &["comment"], json!([])), gone,
            somebody(4, "office", &["post"], json!([])),
            somebody(5, "office", &["post"], json!([])),
            somebody(6, "office", &["post"], json!([]))
        ],
        "offices": [
            office(4, json!([id(1)]), json!([id(1)])),
            office(5, json!([id(2)]), json!([])),
            office(6, json!([id(3)]), json!([]))
        ],
        "relays": [{ "device": id(0xd9), "name": "3号楼中继", "building": "3", "cut": false,
            "certified": by(1, as_founder(), 50) }],
        "powers": [
            powers("founder", &[]), powers("quorum", QUORUM), powers("steward", STEWARD),
            powers("building-lead", &["post-urgent-notices", "admit-households", "keep-relays"]),
            powers("moderator", &["moderate"]), powers("spokesperson", &["post-urgent-notices"]),
            powers("household", HOUSEHOLD), powers("office", &["post"]), powers("guest", &["comment"])
        ],
        "governance": { "founder_alone": false, "offices": [id(4), id(5), id(6)], "needed": 2,
            "next_number": 3 },
        "excluded": [{ "id": id(0xc1), "member": id(8), "acted_as": { "capacity": "household" },
            "act": "appoint", "reason": "no-right" }]
    }))
    .expect("fixtures have the interface's form")
}

/// The roster while the founder decides alone.
pub fn roster_of_founder() -> RosterView {
    let mut roster = roster();
    roster.governance.founder_alone = true;
    roster.governance.next_number = 1;
    let may = [HOUSEHOLD, ALONE].concat();
    roster.members[0].may = may.iter().map(|power| (*power).to_owned()).collect();
    roster.members[0].roles.clear();
    roster
}

/// How the node is where the reader's household is a steward, too.
pub fn status() -> Status {
    let mut status = super::fixtures::status();
    let steward =
        json!({ "appointment": id(0xe3), "role": "steward", "office": member(4), "urgent": true });
    let me = status.me.as_mut().expect("the household is admitted");
    let steward = serde_json::from_value(steward).expect("fixtures have the interface's form");
    me.capacities.push(steward);
    status
}

/// Motions: one that waits for the reader, one that waits for others, one in force, one that lapsed.
pub fn motions() -> Vec<MotionView> {
    let motion = |byte: u8, number: u64, state: &str, moved: Value| {
        json!({ "id": id(byte), "number": number, "moved": moved, "reason": null,
            "by": member(2), "acted_as": as_steward(5, 0xe4), "time_ms": NOW_MS - DAY,
            "cosignatures": [], "signed": [member(5)], "offices": 3, "needed": 2,
            "complete": false, "state": state })
    };
    let removal = json!({ "act": "remove-household", "member": member(7) });
    let mut waiting = motion(0xb3, 3, "open", removal);
    waiting["reason"] = json!("三次把别人的求助当玩笑，提醒过两次还是这样");
    let mut own = motion(
        0xb4,
        3,
        "open",
        json!({ "act": "appoint", "member": member(3),
            "role": { "capacity": "steward", "office": member(4) } }),
    );
    own["by"] = member(1);
    own["acted_as"] = as_steward(4, 0xe3);
    own["signed"] = json!([member(4)]);
    let gone = json!({ "act": "remove-household", "member": member(8) });
    let mut in_force = motion(0xb2, 2, "in-force", gone);
    in_force["reason"] = json!("刷屏，劝了三次");
    in_force["enactment"] = json!(id(0xf2));
    in_force["complete"] = json!(true);
    in_force["signed"] = json!([member(5), member(4)]);
    in_force["cosignatures"] = json!([{ "id": id(0xb9), "by": member(1),
        "acted_as": as_steward(4, 0xe3), "time_ms": NOW_MS - 3 * DAY }]);
    let mut lapsed = motion(
        0xb5,
        2,
        "lapsed",
        json!({ "act": "add-office", "office": id(9), "name": "Dance Club" }),
    );
    lapsed["why"] = json!("overtaken");
    lapsed["overtaken_by"] = json!(id(0xb2));
    serde_json::from_value(json!([waiting, own, in_force, lapsed]))
        .expect("fixtures have the interface's form")
}
