//! A neighbourhood for tests of the front end, written down as the node would send it.

use std::collections::BTreeMap;

use protocol::api::{
    Acknowledgements, AgreementView, DetailView, DocumentView, History, MemberRef, ModerationView,
    PeerView, Refusal, Status, Today, Waiting, WaitingReason,
};
use protocol::id::DocumentId;
use serde_json::{Value, json};

use super::NOW_MS;

pub const INVITATION: &str =
    "linli1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0jqgfzyvjz2f38";

/// The code of a device, as long as one is.
pub const DEVICE_CODE: &str = concat!(
    "linlidev1pqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0jqgfzyvjz2f389q5j52ev95hz7vp3xgengdfkxuurj",
    "w3m8s7nu0myqszgvpcy4xyeywg4q6wp5g8zt7vzwk2lh3mwrfsaqjd9xn5tupqcrgywzpuvyhk8mz0txe3j2kwy6a9c4dxq5tsr7vugp",
    "hml28dlax4zn67ejk0fuyw3sc9q8txr5vp2gd0ja4s6n3h7ckm5ezl9wtyuqf2gdr8xv0as6n4jh3ce7k5mzl",
);

const HOUR: i64 = 60 * 60 * 1_000;
const DAY: i64 = 24 * HOUR;

/// A name: the byte 64 times over.
pub fn id(byte: u8) -> String {
    format!("{byte:02x}").repeat(32)
}

pub fn member(byte: u8) -> Value {
    let (name, building) = match byte {
        1 => ("林家", "3"),
        2 => ("陈家", "5"),
        3 => ("Grandma Wang", "1"),
        5 => ("业委会", ""),
        6 => ("Neighbours' Council", ""),
        7 => ("Ben", "5"),
        8 => ("吵吵家", "2"),
        _ => ("梧桐里物业", ""),
    };
    match building {
        "" => json!({ "id": id(byte), "name": name }),
        building => json!({ "id": id(byte), "name": name, "building": building }),
    }
}

/// A member as others name it.
pub fn named(byte: u8) -> MemberRef {
    serde_json::from_value(member(byte)).expect("fixtures have the interface's form")
}

fn document(value: Value) -> DocumentView {
    serde_json::from_value(value).expect("fixtures have the interface's form")
}

/// Documents of every kind, the newest first. Household 1 is the reader's own.
pub fn documents() -> Vec<DocumentView> {
    vec![
        document(json!({
            "id": id(0x11), "kind": "notice", "author": member(4),
            "created_ms": NOW_MS - HOUR, "updated_ms": NOW_MS - HOUR,
            "fields": {
                "title": "今晚停水：3号楼、5号楼", "level": "urgent", "audience": "neighbourhood", "ack": true,
                "body": "因水管抢修，今晚 22:00 到明早 6:00 停水。请提前存水；家里有老人和小孩的，物业可以送水上门。",
                "expires_ms": NOW_MS + DAY,
                "capacity": id(0xe1)
            },
            "state": "published", "comments": 1, "completeness": "complete", "unread": true
        })),
        document(json!({
            "id": id(0x12), "kind": "notice", "author": member(1),
            "created_ms": NOW_MS - 3 * DAY, "updated_ms": NOW_MS - 2 * DAY,
            "fields": {
                "title": "Keys found by the gate", "level": "ordinary", "audience": "neighbourhood",
                "body": "A ring with three keys and a blue tag. Ask at building 3.",
                "expires_ms": NOW_MS + 9 * DAY,
                "corrections": [{ "id": format!("{}.0", id(0x77)), "by": member(1),
                    "time_ms": NOW_MS - 2 * DAY, "body": "A ring with three keys and a blue tag. Ask at building 3.", "material": false }]
            },
            "state": "corrected", "comments": 0, "completeness": "complete", "mine": true
        })),
        document(json!({
            "id": id(0x21), "kind": "request", "author": member(1),
            "created_ms": NOW_MS - 2 * HOUR, "updated_ms": NOW_MS - 30 * 60 * 1_000,
            "fields": {
                "title": "谁有梯子？", "body": "换灯泡，周六上午用一下就还。", "category": "goods", "urgent": false,
                "when": "周六上午", "places": 1, "expires_ms": NOW_MS + 12 * DAY,
                "offers": [
                    { "id": format!("{}.0", id(0x31)), "by": member(2), "time_ms": NOW_MS - HOUR, "body": "我家有，三米的", "state": "offered" },
                    { "id": format!("{}.0", id(0x32)), "by": member(3), "time_ms": NOW_MS - 40 * 60 * 1_000, "body": "Mine is short but light", "state": "offered" }
                ]
            },
            "state": "offered", "comments": 2, "delivery": { "relays": 1, "homes": 2 }, "completeness": "complete", "mine": true, "unread": true
        })),
        document(json!({
            "id": id(0x22), "kind": "request", "author": member(3),
            "created_ms": NOW_MS - 5 * HOUR, "updated_ms": NOW_MS - 5 * HOUR,
            "fields": {
                "title": "Fetch medicine from the pharmacy", "body": "I have a fever and cannot go out.",
                "category": "errand", "urgent": true, "reason": "fever", "building": "1",
                "places": 1, "expires_ms": NOW_MS + 19 * HOUR
            },
            "state": "open", "comments": 0, "completeness": "complete", "unread": true
        })),
        document(json!({
            "id": id(0x23), "kind": "request", "author": member(2),
            "created_ms": NOW_MS - 4 * DAY, "updated_ms": NOW_MS - DAY,
            "fields": {
                "title": "帮忙搬一个书柜到五楼，电梯放不下，需要两个人抬一下", "category": "errand", "urgent": false,
                "places": 2, "expires_ms": NOW_MS + 10 * DAY,
                "offers": [{ "id": format!("{}.0", id(0x33)), "by": member(1), "time_ms": NOW_MS - 3 * DAY, "body": "我来", "state": "accepted" }],
                "acceptances": [{ "id": format!("{}.0", id(0x34)), "by": member(2), "time_ms": NOW_MS - 2 * DAY, "offer": format!("{}.0", id(0x33)) }]
            },
            "state": "matched", "comments": 1, "completeness": "complete", "mine": true
        })),
        document(json!({
            "id": id(0x24), "kind": "request", "author": member(2),
            "created_ms": NOW_MS - 6 * DAY, "updated_ms": NOW_MS - 6 * DAY,
            "fields": {}, "completeness": "erased"
        })),
        document(json!({
            "id": id(0x41), "kind": "plan", "author": member(1),
            "created_ms": NOW_MS - 6 * DAY, "updated_ms": NOW_MS - 2 * HOUR,
            "fields": {
                "title": "元宵灯会", "place": "中心花园", "date": "正月十五", "starts_ms": NOW_MS + 18 * DAY,
                "text": "# 节目\n\n| 时间 | 节目 | 谁 |\n| --- | --- | --- |\n| 18:30 | 合唱：《茉莉花》 | 陈家 |\n| 19:00 | 舞龙 | Grandma Wang 和孩子们 |\n\n- 猜灯谜（陈家出题）\n- 合唱：《茉莉花》\n- 煮元宵，自带碗筷\n\n# 还缺\n\n两个人看锅，一个人收垃圾。"
            },
            "state": "planning", "comments": 0, "completeness": "complete", "mine": true,
            "heads": [id(0x42)]
        })),
    ]
}

/// What was told in confidence: by the reader, by somebody the reader helps, and by somebody for
/// others.
pub fn details(documents: &[DocumentView]) -> BTreeMap<DocumentId, Vec<DetailView>> {
    let detail = |byte: u8, by: u8, text: Option<&str>, readers: Value| -> Vec<DetailView> {
        serde_json::from_value(
            json!([{ "id": id(byte), "by": member(by), "time_ms": NOW_MS - HOUR,
            "text": text, "readers": readers }]),
        )
        .expect("fixtures have the interface's form")
    };
    BTreeMap::from([
        (
            documents[2].id,
            detail(0x81, 1, Some("3-502，按门铃两下"), json!([])),
        ),
        (documents[3].id, detail(0x82, 3, None, json!([]))),
        (
            documents[4].id,
            detail(
                0x83,
                2,
                Some("138 1234 5678\n晚上八点前"),
                json!([member(1)]),
            ),
        ),
    ])
}

/// Comments about two of the documents.
pub fn comments(documents: &[DocumentView]) -> Vec<DocumentView> {
    let comment = |byte: u8, by: u8, about: DocumentId, minutes: i64, body: &str| {
        document(json!({
            "id": id(byte), "kind": "comment", "author": member(by),
            "created_ms": NOW_MS - minutes * 60_000, "updated_ms": NOW_MS - minutes * 60_000,
            "fields": { "body": body, "about": about }, "about": about, "completeness": "complete",
            "unread": minutes < 60
        }))
    };
    let (notice, ladder) = (documents[0].id, documents[2].id);
    vec![
        comment(
            0x51,
            3,
            notice,
            50,
            "Could you bring two bottles to 1-402? Thank you.",
        ),
        comment(0x52, 2, ladder, 70, "下午行吗？上午要带孩子。"),
        comment(0x53, 1, ladder, 30, "下午三点以后都可以。"),
    ]
}

pub fn today(documents: &[DocumentView]) -> Today {
    let waiting = |place: usize, why| Waiting {
        document: documents[place].clone(),
        why,
        until_ms: None,
        for_household: None,
    };
    Today {
        waiting: vec![
            waiting(0, WaitingReason::UrgentNotice),
            waiting(4, WaitingReason::ConfirmTime),
            waiting(2, WaitingReason::ChooseOffer),
        ],
        news: vec![documents[3].clone()],
        news_total: 1,
        drafts: Vec::new(),
        since_ms: Some(NOW_MS - DAY),
    }
}

pub fn status() -> Status {
    serde_json::from_value(json!({
        "neighbourhood": "梧桐里", "space": id(0xaa), "member": member(1), "device": id(0xd1),
        "me": {
            "kind": "household", "founder": true,
            "capacities": [{ "appointment": id(0xe1), "role": "spokesperson",
                "office": member(4), "urgent": true }],
            "creates": ["notice", "request", "plan", "comment"],
            "notice_levels": ["ordinary", "important", "urgent"],
            "invites_as": ["household", "guest", "relay"],
            "appoints": ["building-lead", "moderator", "spokesperson"], "adds_offices": true
        },
        "mode": "home", "pending": false, "peers": 2,
        "listening": ["/ip4/192.168.1.7/tcp/4101"],
        "frontier_digest": id(0xf1), "view_digest": id(0xf2),
        "entries": 128, "documents": 10, "unsent": 1, "unprojected": 0, "waiting": 0,
        "store_bytes": 3_500_000
    }))
    .expect("fixtures have the interface's form")
}

/// Who has acknowledged a notice, as its issuer is told.
pub fn acknowledged() -> Acknowledgements {
    serde_json::from_value(json!({
        "asked": true, "households": 4, "acknowledged": 2, "on_paper": 1, "by_proxy": 0, "named": true,
        "given": [
            { "household": member(2), "way": "self", "time_ms": NOW_MS - HOUR },
            { "household": member(3), "way": "paper", "by": member(1), "time_ms": NOW_MS - DAY }
        ],
        "outstanding": [member(8), member(7)]
    }))
    .expect("fixtures have the interface's form")
}

/// An act of moderation about what household 2 wrote.
pub fn moderation(state: &str) -> ModerationView {
    serde_json::from_value(json!({
        "id": id(0x71), "act": "hide", "about": id(0x22), "member": member(3), "by": member(2),
        "acted_as": { "capacity": "moderator", "appointment": id(0xe3) },
        "time_ms": NOW_MS - HOUR, "rule": 3, "clause": "不骂人。", "agreement": id(0x61),
        "reason": "insults a neighbour", "state": state, "stands": state != "lifted"
    }))
    .expect("fixtures have the interface's form")
}

/// The agreement in force, which the reader has not signed.
pub fn agreement() -> AgreementView {
    serde_json::from_value(json!({
        "document": {
            "id": id(0x61), "kind": "agreement", "author": member(1),
            "created_ms": NOW_MS - DAY, "updated_ms": NOW_MS - DAY, "completeness": "complete",
            "fields": { "title": "梧桐里公约", "version": 2, "body": "我们约定：",
                "clauses": "晚上安静。\n不占道。\n不骂人。" }
        },
        "acted_as": { "capacity": "founder" }, "version": 2,
        "clauses": [{ "rule": 1, "text": "晚上安静。" }, { "rule": 2, "text": "不占道。" },
            { "rule": 3, "text": "不骂人。" }],
        "signed": [member(2)], "unsigned": [member(1), member(3)], "is_signed": false
    }))
    .expect("fixtures have the interface's form")
}

pub fn peers() -> Vec<PeerView> {
    serde_json::from_value(json!([
        { "device": id(0xd2), "member": member(2), "address": "/ip4/192.168.1.8/tcp/4102",
          "connected": true, "in_step": true, "seen_ms": NOW_MS, "kind": "home", "building": "5", "synced_ms": NOW_MS },
        { "device": id(0xd9), "member": null, "address": "/ip4/192.168.1.2/tcp/4001",
          "connected": true, "in_step": false, "seen_ms": NOW_MS, "kind": "relay", "name": "3号楼中继", "building": "3" },
        { "device": id(0xd3), "member": member(3), "address": "/ip4/192.168.1.9/tcp/4101", "kind": "home",
          "building": "1", "connected": false, "in_step": false, "seen_ms": NOW_MS - HOUR, "synced_ms": NOW_MS - DAY },
        { "device": null, "member": null, "address": "/ip4/10.0.0.9/tcp/4101",
          "connected": false, "in_step": false, "seen_ms": NOW_MS - 2 * DAY, "synced_ms": NOW_MS - 2 * DAY }
    ]))
    .expect("fixtures have the interface's form")
}

pub fn history(document: DocumentId) -> History {
    serde_json::from_value(json!({
        "document": document,
        "changes": [
            { "entry": id(0x41), "by": member(1), "time_ms": NOW_MS - 6 * DAY, "status": "counts",
              "fields": [{ "field": "title", "new": "元宵灯会" }],
              "texts": [{ "field": "text", "pieces": [{ "kind": "inserted", "text": "猜灯谜" }] }] },
            { "entry": id(0x43), "by": member(2), "time_ms": NOW_MS - DAY, "status": "counts",
              "texts": [{ "field": "text", "pieces": [
                  { "kind": "deleted", "text": "放烟花", "of": member(1) }, { "kind": "inserted", "text": "合唱" }] }] },
            { "entry": id(0x44), "by": member(3), "time_ms": NOW_MS - HOUR, "status": "excluded" }
        ]
    }))
    .expect("fixtures have the interface's form")
}

pub fn refusal(code: &str, field: Option<&str>) -> Refusal {
    Refusal {
        code: code.to_owned(),
        message: format!("The node says {code}."),
        field: field.map(str::to_owned),
    }
}
