//! What people and their programs bring: intents, bodies of requests, texts, files.

use super::*;

/// Choices for the target, which makes its documents of them.
pub(super) fn intents() -> Vec<Seed> {
    let mut mixed = Vec::new();
    let mut state: u32 = 20_011;
    for _ in 0..400 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        mixed.push((state >> 24) as u8);
    }
    named([
        ("zeros", vec![0; 120]),
        ("ones", vec![255; 300]),
        ("ascending", (0..=255).collect()),
        ("sevens", [7, 1, 2, 3].repeat(60)),
        ("mixed", mixed),
    ])
}

pub(super) fn bodies() -> Vec<Seed> {
    let document = id(3).into();
    let fields = BTreeMap::from([
        ("title".to_owned(), json!("谁有梯子？")),
        ("urgent".to_owned(), json!(true)),
        ("expires".to_owned(), json!(TIME_MS)),
    ]);
    let draft = Draft {
        kind: "request".to_owned(),
        fields: fields.clone(),
    };
    let write = |request: &Request| serde_json::to_vec(request).expect("a request is JSON");
    named([
        (
            "draft",
            serde_json::to_vec(&draft).expect("a draft is JSON"),
        ),
        ("post", write(&Request::Post(draft))),
        (
            "edit",
            write(&Request::Edit {
                document,
                fields,
                base: Vec::new(),
            }),
        ),
        (
            "invite",
            write(&Request::Invite {
                successor_of: None,
                uses: 2,
                lifetime_ms: 604_800_000,
                invited_as: InvitedAs::Guest,
                addresses: vec!["/ip4/127.0.0.1/tcp/1".to_owned()],
            }),
        ),
        (
            "import",
            write(&Request::ImportRequests {
                file: b"title\nLadder\n".to_vec(),
                preview: true,
            }),
        ),
        ("nested", [b"[".repeat(300), b"]".repeat(300)].concat()),
        (
            "fields",
            br#"{"fields":{"a":[1e400,-0,"\ud83d\ude00"]}}"#.to_vec(),
        ),
    ])
}

pub(super) fn texts() -> Vec<Seed> {
    named([
        (
            "escapes",
            b"\x1b]0;title\x07\x1b[31mred\x1b[2J\x9b5n\r\n\x00\x7f".to_vec(),
        ),
        (
            "directions",
            "abc\u{202e}\u{2066}def\u{2069}\u{200f}\u{61c}".into(),
        ),
        (
            "joined",
            "👨\u{200d}👩\u{200d}👧🏽🇨🇳e\u{301}\u{fe0f}\u{20e3}".into(),
        ),
        (
            "invisible",
            "a\u{200b}\u{feff}\u{ad}\u{34f}\u{e0041}\u{3164}b\u{115f}".into(),
        ),
        (
            "marks",
            format!("z{}", "\u{301}\u{489}".repeat(60)).into_bytes(),
        ),
        (
            "hanzi",
            "水电通知：周六上午９点停水，请备水。「梯子」　谁有？".into(),
        ),
        (
            "no-utf-8",
            b"\xff\xfe\xed\xa0\x80\xc0\xaf\xf4\x90\x80\x80ok".to_vec(),
        ),
        ("long", "一二三四五六七八九十".repeat(30).into_bytes()),
    ])
}

pub(super) fn imports() -> Vec<Seed> {
    let plain = "标题,内容,类别,紧急,楼栋,截止\n谁有梯子？,周六上午,物品,是,3,2026-03-01\n";
    let sixteen: Vec<u8> = [0xfeff_u16]
        .into_iter()
        .chain("title\tbody\r\nLadder\tSaturday\r\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    named([
        ("plain", plain.into()),
        ("with-mark", format!("\u{feff}{plain}").into_bytes()),
        // 标题,内容 and 梯子,借 as spreadsheets in China save them.
        (
            "gb18030",
            b"\xb1\xea\xcc\xe2,\xc4\xda\xc8\xdd\r\n\xcc\xdd\xd7\xd3,\xbd\xe8\r\n".to_vec(),
        ),
        ("utf-16", sixteen),
        (
            "semicolons",
            b"title;body;category;urgent\nLadder;\"a;b\";goods;no\n".to_vec(),
        ),
        (
            "quotes",
            b"title,body\n\"a \"\"b\"\"\nc\",\"=1+1\"\n,,\n\"open".to_vec(),
        ),
        (
            "faults",
            b"title,expires,urgent,x\n,soon,perhaps\na,2026-13-45,yes,1,2\n\"a\"b,,,\n".to_vec(),
        ),
        ("hostile", b"\x1b[2Jtitle,name\n\x00\xff\n".to_vec()),
    ])
}
