//! Golden change hashes: they pin Automerge's format, the derivation, and the actors of ops.

use std::collections::BTreeSet;

use protocol::document::Document;
use protocol::intent::ObjectType;

use crate::writing::*;

#[test]
fn change_hashes_are_what_they_were() {
    let all = vec![
        creation("doc"),
        entry(
            "edit",
            &["doc"],
            vec![
                splice(creating(1), None, "周六上午十点"),
                insert(creating(0), None, new(ObjectType::Map)),
                put(Some(own(6)), "note", text("我家有梯子")),
                increment(None, "count", 2),
            ],
        ),
        entry(
            "bad",
            &["edit"],
            vec![
                put(None, "title", text("假的")),
                delete_run(creating(1), dep(0, 2), 3),
                delete(None, "count"),
                put(Some(dep(0, 6)), "note", new(ObjectType::List)),
                insert(creating(0), Some(dep(0, 6)), text("假的")),
            ],
        ),
        entry(
            "reply",
            &["bad"],
            vec![
                put(None, "title", text("停水通知")),
                delete(None, "nothing"),
                delete_run(creating(0), dep(0, 6), 1),
            ],
        ),
    ];
    let excluded = [entry_id("bad")].into();
    let honest = Document::build(document_id("doc"), all.clone(), &BTreeSet::new(), everyone);
    let cut = Document::build(document_id("doc"), all, &excluded, everyone);
    let hashes = |document: &Document| {
        let changes = document.changes();
        let lines = changes.iter().map(|change| {
            let hash = change.hash().to_string();
            format!("{} {} {}", &hash[..16], change.start_op(), change.len())
        });
        lines.collect::<Vec<_>>()
    };
    assert_eq!(
        hashes(&honest.document),
        [
            "96fec27ff6382fb1 1 5",
            "24b14e031d05a581 6 9",
            "a0cea0791d5bfbc6 15 7",
            "037436e4942b0993 22 3",
            "53ad79ab1575f48f 25 1",
        ]
    );
    assert_eq!(
        hashes(&cut.document),
        [
            "96fec27ff6382fb1 1 5",
            "24b14e031d05a581 6 9",
            "b979507560059622 15 7",
            "64248ed8c15f5ec8 22 4",
            "8a319c6f6df3066d 22 3",
            "c0c706e900e67c98 25 1",
        ]
    );
}
