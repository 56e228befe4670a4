use jiff::tz::TimeZone;
use protocol::api::{
    Acknowledgements, DocumentView, EmergencyNumbers, Language, RosterRecorded, Today, Waiting,
    WaitingReason,
};
use protocol::id::MemberId;
use serde_json::{Value, json};
use tui::digest::Digest;
use tui::words::{Clock, Names};

use super::{InItsName, Pen, digest, household, outstanding, requests};
use crate::cli::say;
use crate::paper::{Block, markdown, plain};

const NOON_MS: i64 = 1_795_694_400_000;

fn pen(language: Language) -> Pen {
    Pen {
        words: say::words(language),
        clock: Clock {
            now_ms: NOON_MS,
            zone: TimeZone::UTC,
        },
        neighbourhood: "梧桐里".to_owned(),
        emergency_numbers: EmergencyNumbers::parse("112、120").expect("numbers"),
        names: Names::default(),
    }
}

fn view(kind: &str, digit: u8, state: &str, fields: Value) -> DocumentView {
    let view = json!({
        "id": format!("{digit:02x}").repeat(32),
        "kind": kind,
        "author": { "id": "ab".repeat(32), "name": "林家", "building": "3" },
        "created_ms": NOON_MS,
        "updated_ms": NOON_MS,
        "fields": fields,
        "state": state,
        "completeness": "complete",
    });
    serde_json::from_value(view).expect("it is a view")
}

fn all_requests() -> Vec<DocumentView> {
    vec![
        view(
            "request",
            1,
            "open",
            json!({ "title": "谁有梯子", "category": "goods", "when": "周六", "expires_ms": 5 }),
        ),
        view(
            "request",
            2,
            "offered",
            json!({ "title": "帮取药", "category": "errand", "urgent": true, "expires_ms": 9 }),
        ),
    ]
}

#[test]
fn the_stairwell_reads_urgent_requests_first_and_what_no_neighbour_can_do() {
    for (language, emergency) in [
        (Language::Chinese, "不是急救"),
        (Language::English, "In an emergency call 112, 120"),
    ] {
        let page = plain(&requests(&all_requests(), &pen(language)));
        assert!(page.contains(emergency) && page.contains("112"), "{page}");
        let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
        assert!(place("帮取药") < place("谁有梯子"), "{page}");
        assert!(page.contains("梧桐里"), "{page}");
    }
}

#[test]
fn a_list_to_knock_by_has_every_household_and_room_to_sign() {
    let told = json!({
        "asked": true, "households": 3, "acknowledged": 1, "on_paper": 1, "by_proxy": 0,
        "named": true,
        "outstanding": [
            { "id": "11".repeat(32), "name": "王家", "building": "2" },
            { "id": "22".repeat(32), "name": "赵家" },
        ],
    });
    let told: Acknowledgements = serde_json::from_value(told).expect("it is an answer");
    let notice = view(
        "notice",
        7,
        "published",
        json!({ "title": "停水", "ack": true }),
    );
    let page = plain(&outstanding(&notice, &told, &pen(Language::Chinese)));
    // Who leads a building is told the names of that building.
    let elsewhere = "其他楼栋的 1 户";
    for said in ["停水", "王家", "赵家", "签名", "3 户里已有 1 户", elsewhere] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let mut unnamed = told.clone();
    (unnamed.named, unnamed.outstanding) = (false, Vec::new());
    let page = plain(&outstanding(&notice, &unnamed, &pen(Language::Chinese)));
    assert!(
        !page.contains("全都确认了") && page.contains("名单只给发布人"),
        "{page}"
    );
    let done = Acknowledgements {
        named: true,
        ..Acknowledgements::default()
    };
    let page = plain(&outstanding(&notice, &done, &pen(Language::Chinese)));
    assert!(page.contains("全都确认了"), "{page}");
}

fn today() -> Today {
    Today {
        waiting: vec![Waiting {
            document: all_requests().remove(0),
            why: WaitingReason::ChooseOffer,
            until_ms: Some(NOON_MS),
            for_household: None,
        }],
        news: Vec::new(),
        news_total: 0,
        drafts: Vec::new(),
        since_ms: None,
    }
}

fn day(documents: Vec<DocumentView>) -> Digest {
    let bounds = (NOON_MS - 1, NOON_MS + 1);
    Digest::of(
        "2026-11-26".to_owned(),
        bounds,
        today(),
        Vec::new(),
        &documents,
    )
}

#[test]
fn a_digest_tells_once_what_is_urgent_and_leaves_out_what_is_over() {
    let mut documents = all_requests();
    documents.push(view(
        "notice",
        3,
        "published",
        json!({ "title": "停水", "level": "urgent", "body": "请接水" }),
    ));
    documents.push(view(
        "notice",
        4,
        "withdrawn",
        json!({ "title": "作废的", "level": "important" }),
    ));
    let mut old = view("plan", 5, "planning", json!({ "title": "元宵" }));
    old.updated_ms = 1;
    old.created_ms = 1;
    documents.push(old);
    let day = day(documents);
    assert_eq!(day.notices.len(), 1);
    assert_eq!(day.requests.len(), 2);
    assert_eq!(day.plans.len(), 1, "a plan stands there however old it is");
    let news: Vec<&str> = day
        .news
        .iter()
        .map(|view| super::text(view, "title"))
        .collect();
    assert_eq!(news, ["作废的"], "each document stands in one list");
    let page = plain(&digest(&day, "11月26日", &pen(Language::Chinese)));
    assert_eq!(page.matches("停水").count(), 1, "{page}");
    assert!(
        page.contains("** 紧急 · 停水") && page.contains("请接水"),
        "{page}"
    );
    assert!(page.contains("有人响应"), "why something waits: {page}");
}

/// What is out of view has no title to show, so that it goes by its name.
#[test]
fn what_is_hidden_has_a_name_in_a_digest() {
    for kind in ["notice", "request", "plan"] {
        let hidden = view(kind, 7, "hidden", json!({}));
        let day = day(vec![hidden]);
        let sheet = digest(&day, "11月26日", &pen(Language::Chinese));
        let rows = sheet.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => table.rows.iter().find(|row| row[0] == "07070707"),
            _ => None,
        });
        assert_eq!(rows.count(), 1, "{kind}: {:?}", sheet.blocks.len());
    }
}

#[test]
fn a_digest_has_one_row_for_a_document_and_names_motions_that_wait() {
    let mut today = today();
    let again = Waiting {
        why: WaitingReason::ExpiresSoon,
        ..today.waiting[0].clone()
    };
    let notice = view(
        "notice",
        3,
        "published",
        json!({ "title": "停水", "level": "urgent" }),
    );
    let acknowledge = Waiting {
        document: notice.clone(),
        why: WaitingReason::Acknowledge,
        until_ms: None,
        for_household: None,
    };
    today.waiting.extend([again, acknowledge]);
    let mut documents = all_requests();
    documents.push(notice);
    let title = super::text(&documents[0], "title").to_owned();
    let motion = json!({
        "id": "0d".repeat(32), "number": 3,
        "moved": { "act": "add-office", "office": "0c".repeat(32), "name": "老年食堂" }, "reason": null,
        "by": { "id": "cd".repeat(32), "name": "陈家" }, "acted_as": { "capacity": "founder" },
        "time_ms": NOON_MS, "cosignatures": [], "signed": [], "offices": 3, "needed": 2,
        "complete": false, "state": "open",
    });
    let motion = serde_json::from_value(motion).expect("it is a motion");
    let bounds = (NOON_MS - 1, NOON_MS + 1);
    let day = Digest::of("26".to_owned(), bounds, today, vec![motion], &documents);
    let sheet = digest(&day, "26", &pen(Language::Chinese));
    let said = sheet.blocks.iter().flat_map(|block| match block {
        Block::Table(table) => table.rows.concat(),
        Block::Banner(said) | Block::Note(said) => vec![said.clone()],
        _ => Vec::new(),
    });
    let page = said.collect::<Vec<_>>().join("\n");
    for once in [title.as_str(), "停水", "老年食堂"] {
        assert_eq!(page.matches(once).count(), 1, "{once}: {page}");
    }
    for reason in ["请您选一位", "一天内过期", "请您确认收到", "等您联署"] {
        assert!(page.contains(reason), "{reason}: {page}");
    }
}

#[test]
fn nothing_that_a_neighbour_wrote_is_obeyed_as_markdown() {
    let mut documents = all_requests();
    *documents[0].fields.get_mut("title").expect("a title") =
        json!("# <b>x</b> | ![y](http://z)\n- w");
    let page = markdown(&digest(&day(documents), "26", &pen(Language::English)));
    for hostile in ["<b>", "![y]", "\n- w", "| !"] {
        assert!(!page.contains(hostile), "{hostile}: {page}");
    }
    assert!(page.starts_with("# The neighbourhood on 26"));
}

/// 王奶奶, for whom 林家 acts and 陈家 did.
fn wang() -> RosterRecorded {
    let by = |days: i64| {
        json!({ "id": "0f".repeat(32), "by": "ab".repeat(32), "acted_as": { "capacity": "founder" },
            "time_ms": NOON_MS - days * 86_400_000 })
    };
    let mut ended = by(1);
    ended["reason"] = json!("搬走了");
    let member = |digits: &str, name: &str| json!({ "id": digits.repeat(32), "name": name });
    let recorded = json!({
        "id": "0e".repeat(32), "name": "王奶奶", "building": "3", "consent": "12月3日的纸条",
        "recorded": by(9),
        "proxies": [
            { "member": member("ab", "林家"), "consent": "12月3日的纸条", "named": by(9) },
            { "member": member("cd", "陈家"), "consent": "在门口说的", "named": by(5), "ended": ended }
        ],
    });
    serde_json::from_value(recorded).expect("it is a household")
}

#[test]
fn a_households_sheet_has_who_acts_for_it_and_every_act_in_its_name_and_no_other() {
    let recorded = wang();
    let for_her = |mut view: DocumentView| {
        view.for_household = Some(recorded.shown());
        view
    };
    let fact = |household: Value| {
        json!({ "id": format!("{}.0", "11".repeat(32)), "time_ms": NOON_MS, "way": "self",
            "by": { "id": "ab".repeat(32), "name": "林家" }, "for_household": household })
    };
    let her = json!({ "id": recorded.id, "name": "王奶奶" });
    let someone = json!({ "id": "99".repeat(32), "name": "赵爷爷" });
    let notice = |digit: u8, title: &str, facts: Vec<Value>| {
        let fields = json!({ "title": title, "ack": true, "acknowledgements": facts });
        view("notice", digit, "published", fields)
    };
    let [mut own, other] = <[DocumentView; 2]>::try_from(all_requests()).expect("two");
    own = for_her(own);
    let documents = vec![
        own.clone(),
        other,
        notice(3, "周五停水", vec![fact(her)]),
        notice(4, "周六停电", vec![fact(someone)]),
    ];
    let mut comment = for_her(view("comment", 5, "", json!({ "body": "敲门轻一点" })));
    comment.about = Some(own.id);
    let comments = vec![
        comment,
        view("comment", 6, "", json!({ "body": "别家的话" })),
    ];
    let told = InItsName {
        household: &recorded,
        members: [(MemberId([0xab; 32]), "林家".to_owned())].into(),
        documents: &documents,
        comments: &comments,
    };
    for (language, ways) in [
        (Language::Chinese, ["不再代办", "请人代办"]),
        (Language::English, ["no longer acts", "somebody else"]),
    ] {
        let page = plain(&household(&told, &pen(language)));
        // A table breaks words where a column ends.
        let page: String = page.split_whitespace().collect();
        let said = [
            "王奶奶",
            "林家",
            "陈家",
            "12月3日的纸条",
            "在门口说的",
            "搬走了",
            "谁有梯子",
        ];
        let acts = ["周五停水", "敲门轻一点", "120", "householdend\"王奶奶\""];
        for text in said.iter().chain(&acts).chain(&ways) {
            let text: String = text.split_whitespace().collect();
            assert!(page.contains(&text), "{text} in {page}");
        }
        for text in ["帮取药", "周六停电", "别家的话"] {
            assert!(!page.contains(text), "{text} in {page}");
        }
    }
    let pdf = crate::paper::pdf(&household(&told, &pen(Language::Chinese))).expect("it prints");
    assert!(pdf.starts_with(b"%PDF"));
}

#[test]
fn a_list_to_knock_by_says_who_may_sign_for_a_household_without_a_device() {
    let recorded = wang();
    let told = json!({
        "asked": true, "households": 1, "without_device": 1, "acknowledged": 0, "on_paper": 0,
        "by_proxy": 0, "named": true,
        "outstanding_recorded": [
            { "household": recorded.shown(), "proxies": [{ "id": "ab".repeat(32), "name": "林家" }] },
        ],
    });
    let told: Acknowledgements = serde_json::from_value(told).expect("it is an answer");
    let notice = view(
        "notice",
        7,
        "published",
        json!({ "title": "停水", "ack": true }),
    );
    let page = plain(&outstanding(&notice, &told, &pen(Language::Chinese)));
    for said in ["王奶奶", "没有设备", "代办：林家"] {
        assert!(page.contains(said), "{said}: {page}");
    }
}
