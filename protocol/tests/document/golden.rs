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
            ],
        ),
        entry(
            "reply",
            &["bad"],
            vec![
                put(None, "title", text("停水通知")),
                delete(None, "nothing"),
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
            "30f472c1944a7690 15 6",
            "560ea96a1f009fa1 21 2",
            "b16cc2bae13504ca 23 1",
        ]
    );
    assert_eq!(
        hashes(&cut.document),
        [
            "96fec27ff6382fb1 1 5",
            "24b14e031d05a581 6 9",
            "8a282f2b27e6417a 15 6",
            "f7617fb4d496f8a7 21 3",
            "1159bb2d84a44910 21 2",
            "fe63b04a6ea470a0 23 1",
        ]
    );
}
