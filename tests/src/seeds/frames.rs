//! What peers send: frames and fork proofs.

use super::*;

pub(super) fn frames() -> Vec<Seed> {
    let proof = DeviceProof {
        device: device(2),
        member: Some(member(1)),
        signature: Signature([3; 64]),
    };
    let (certificate_of_third, enrolled) = (certificate(3, 4), proof.clone());
    let request = JoinRequest::new(
        SPACE,
        &key(5),
        Joiner::Member(certificate(3, 4)),
        NAME.to_owned(),
        Some("5".to_owned()),
    );
    let head = |seq| Head {
        seq,
        entry: id(u8::try_from(seq).expect("a small number")),
    };
    let all = [
        (
            "greet",
            Frame::Greet {
                version: 1,
                tag: [4; 32],
            },
        ),
        (
            "answer",
            Frame::Answer {
                tag: [5; 32],
                proof: proof.clone(),
            },
        ),
        (
            "introduce",
            Frame::Introduce {
                proof: proof.clone(),
            },
        ),
        ("join", Frame::Join { request, proof }),
        (
            "enrol",
            Frame::Enrol {
                enrolment: Enrolment::ByKey(certificate_of_third),
                proof: enrolled,
            },
        ),
        (
            "found",
            Frame::Found(Whereabouts {
                space: SPACE,
                secret: [8; 32],
                heads: vec![id(3)],
                neighbourhood: "梧桐里".to_owned(),
            }),
        ),
        ("chain-wanted", Frame::ChainWanted),
        (
            "chain",
            Frame::Chain {
                segments: segment::write_segments(&[roster_log(SPACE)]),
            },
        ),
        ("welcome", Frame::Welcome),
        (
            "refused",
            Frame::Refused {
                reason: RefusedReason::Unable,
            },
        ),
        (
            "summary",
            Frame::Summary {
                digest: [6; 32],
                yours: 300,
            },
        ),
        // All 256 buckets would make a file of 4 KiB; a session refuses fewer, a decoder does not.
        (
            "buckets",
            Frame::Buckets {
                hashes: vec![7; 64],
            },
        ),
        (
            "rows",
            Frame::Rows {
                buckets: [255; 32],
                rows: vec![Row {
                    device: device(2),
                    heads: vec![head(1), head(2)],
                }],
                more: true,
                reply: false,
            },
        ),
        (
            "entries",
            Frame::Entries {
                segments: segment::write_segments(&[document_log()]),
            },
        ),
        (
            "fetch",
            Frame::Fetch {
                device: device(2),
                entry: id(9),
                count: 70_000,
            },
        ),
        (
            "held",
            Frame::Held {
                yours: 4_000_000_000,
            },
        ),
        (
            "receipts",
            Frame::Receipts {
                kept: 1_780_000_000_000,
                after: 5,
                number: 7,
                receipts: [Some(3), None]
                    .map(|of| {
                        let member = of.map(member);
                        Receipt::issue(SPACE, &key(2), member, device(9), head(3))
                    })
                    .to_vec(),
            },
        ),
        (
            "proofs",
            Frame::Proofs {
                proofs: vec![fork_proof()],
            },
        ),
    ];
    let mut seeds: Vec<Seed> = all
        .map(|(name, frame)| (name.to_owned(), frame.to_bytes()))
        .into();
    seeds.push(("fork-proof".to_owned(), fork_proof().to_bytes()));
    seeds
}

/// Two continuations of one log.
fn fork_proof() -> ForkProof {
    let side = |text: &str| {
        let act = Act::Describe {
            name: text.to_owned(),
            building: None,
        };
        let admission = id(1);
        let log = log(
            SPACE,
            (2, Some(1)),
            [roster_entry(Authority::Member { admission }, act)],
        );
        Side {
            headers: log.iter().map(|entry| entry.header.clone()).collect(),
            signature: log[0].signature.expect("a signed head"),
        }
    };
    ForkProof::new(side("甲"), side("乙"))
}
