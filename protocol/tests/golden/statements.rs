//! Statements of each act, with each authority, role and kind of member.

use protocol::id::InvitationId;
use protocol::key::Purpose;
use protocol::statement::{
    Act, Admission, Authority, DeviceCut, InvitationUse, MemberKind, Role, Statement, Tips,
};

use crate::given;
use crate::vector::{Vector, assert_whole};

pub fn vectors() -> Vec<Vector> {
    let mut vectors = Vec::new();
    let founder = Authority::Founder;
    for (name, act) in acts() {
        vectors.push(statement(name, founder, act));
    }
    // `[authority, act]` with the founder's authority, which takes two bytes.
    assert_whole::<Act>("act", &vectors, 3);
    let described = || Act::Describe {
        name: "张家".into(),
        building: None,
    };
    let admission = given::entry(1);
    let appointment = given::entry(2);
    let authorities = vec![
        statement("by-founder", Authority::Founder, described()),
        statement("by-member", Authority::Member { admission }, described()),
        statement("by-grant", Authority::Grant { appointment }, described()),
    ];
    assert_whole::<Authority>("authority", &authorities, 1);
    vectors.extend(authorities);
    vectors.extend(roles());
    vectors.extend(kinds());
    vectors
}

fn statement(name: &str, authority: Authority, act: Act) -> Vector {
    let value = Statement::new(authority, act);
    let write = |statement: &Statement| statement.to_bytes().unwrap_or_default();
    Vector::of(&format!("statement/{name}"), value, write, |bytes| {
        Statement::from_bytes(bytes).map_err(|error| error.to_string())
    })
}

fn roles() -> Vec<Vector> {
    let member = given::member(3);
    let office = given::member(5);
    let building = "3号楼".to_owned();
    let roles = [
        ("steward", Role::Steward { office }),
        ("moderator", Role::Moderator),
        ("building-lead", Role::BuildingLead { building }),
        ("spokesperson", Role::Spokesperson { office }),
    ];
    let appoint = |(name, role)| {
        let act = Act::Appoint { member, role };
        statement(&format!("appoint-{name}"), Authority::Founder, act)
    };
    let vectors: Vec<Vector> = roles.into_iter().map(appoint).collect();
    // `[[0], [5, member, role]]`: the role begins after the member's 34 bytes.
    assert_whole::<Role>("role", &vectors, 39);
    vectors
}

fn kinds() -> Vec<Vector> {
    let kinds = [
        ("household", MemberKind::Household),
        ("guest", MemberKind::Guest),
        ("office", MemberKind::Office),
    ];
    let admit = |(name, kind)| {
        let act = Act::Admit(admission(kind));
        statement(&format!("admit-{name}"), Authority::Founder, act)
    };
    kinds.into_iter().map(admit).collect()
}

fn admission(kind: MemberKind) -> Admission {
    Admission {
        kind,
        certificate: given::certificate(3),
        name: "王家 Wang".into(),
        building: None,
        invitation: None,
        successor_of: None,
    }
}

/// An admission with everything in it.
fn full_admission() -> Admission {
    let one_time = given::key(20);
    let digest = InvitationUse::digest(given::space(), given::member(3), given::device(4));
    Admission {
        building: Some("5号楼".into()),
        invitation: Some(InvitationUse {
            invitation: InvitationId(one_time.public()),
            number: 2,
            uses: 512,
            signature: one_time.sign(Purpose::InvitationUse, &digest),
        }),
        successor_of: Some(given::member(7)),
        ..admission(MemberKind::Household)
    }
}

fn acts() -> Vec<(&'static str, Act)> {
    let tips = Tips {
        named: vec![given::tip(2, 4)],
        parts: vec![given::entry(30), given::entry(31)],
        digest: Some([40; 32]),
    };
    let short = Tips {
        named: vec![given::tip(2, 4), given::tip(4, 1_000)],
        ..Tips::default()
    };
    let ended = Tips {
        named: vec![given::tip(2, 4)],
        ..Tips::default()
    };
    let cut = |tip| {
        let (space, device) = (given::space(), given::device(4));
        Act::CutDevice(DeviceCut::issue(&given::key(3), space, device, tip))
    };
    let because = || {
        let (space, device, tip) = (given::space(), given::device(4), given::tip(4, 12));
        let reason = Some("丢了 lost".to_owned());
        let cut = DeviceCut::issue_because(&given::key(3), space, device, Some(tip), reason);
        assert!(cut.verifies());
        Act::CutDevice(cut)
    };
    vec![
        ("found", Act::Found(given::founding())),
        ("admit", Act::Admit(full_admission())),
        (
            "promote",
            Act::Promote {
                member: given::member(3),
            },
        ),
        (
            "enrol",
            Act::Enrol {
                certificate: given::certificate(3),
            },
        ),
        ("cut-device", cut(Some(given::tip(4, 12)))),
        ("cut-device-wholly", cut(None)),
        ("cut-device-because", because()),
        (
            "appoint",
            Act::Appoint {
                member: given::member(3),
                role: Role::Moderator,
            },
        ),
        (
            "cut-role",
            Act::CutRole {
                appointment: given::entry(2),
                tips: short.clone(),
                reason: "搬走了".into(),
            },
        ),
        (
            "remove",
            Act::Remove {
                member: given::member(3),
                tips,
                reason: String::new(),
            },
        ),
        (
            "add-office",
            Act::AddOffice {
                office: given::member(5),
                name: "居委会".into(),
            },
        ),
        (
            "certify-relay",
            Act::CertifyRelay {
                device: given::device(6),
                name: "stairwell".into(),
                building: Some("3号楼".into()),
            },
        ),
        (
            "cut-relay",
            Act::CutRelay {
                device: given::device(6),
                reason: "gone".into(),
            },
        ),
        (
            "move",
            Act::Move {
                number: 2,
                previous: Some(given::entry(11)),
                act: Box::new(Act::Promote {
                    member: given::member(3),
                }),
            },
        ),
        (
            "co-sign",
            Act::CoSign {
                motion: given::entry(12),
            },
        ),
        (
            "enact",
            Act::Enact {
                motion: given::entry(12),
                cosignatures: vec![given::entry(13), given::entry(14)],
                founder_tips: Some(short.clone()),
            },
        ),
        (
            "close",
            Act::Close {
                document: given::document(5),
                tips: short,
            },
        ),
        (
            "retire",
            Act::Retire {
                documents: vec![given::document(5), given::document(6)],
            },
        ),
        (
            "tips",
            Act::Tips {
                tips: vec![given::tip(2, 4)],
            },
        ),
        (
            "describe",
            Act::Describe {
                name: "张家".into(),
                building: Some("3号楼".into()),
            },
        ),
        (
            "record-household",
            Act::RecordHousehold {
                name: "王奶奶".into(),
                building: Some("3号楼".into()),
                proxies: vec![given::member(3), given::member(7)],
                consent: "12月3日的纸条".into(),
            },
        ),
        (
            "add-proxies",
            Act::AddProxies {
                record: given::entry(15),
                proxies: vec![given::member(9)],
                consent: "said so at the door".into(),
            },
        ),
        (
            "end-record",
            Act::EndRecord {
                record: given::entry(15),
                proxy: Some(given::member(9)),
                tips: ended.clone(),
                reason: "有手机了".into(),
            },
        ),
        (
            "end-record-wholly",
            Act::EndRecord {
                record: given::entry(15),
                proxy: None,
                tips: ended,
                reason: String::new(),
            },
        ),
    ]
}
