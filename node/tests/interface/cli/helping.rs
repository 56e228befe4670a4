//! Commands about a request: which fact each becomes, as the request stands.

use super::*;

/// The fake's own household.
const ME: u8 = 2;
const OTHER: u8 = 7;

/// An offer, and whatever else a fact says.
fn fact(id: u8, by: u8, more: Value) -> Value {
    let mut fact = json!({
        "id": format!("{}.0", self::id(id)),
        "by": {"id": self::id(by), "name": format!("户{by}")},
        "time_ms": 1,
    });
    for (name, value) in more.as_object().expect("an object") {
        fact[name] = value.clone();
    }
    fact
}

/// A home whose node shows one request: whose it is, its state, and its facts.
fn home(name: &str, author: u8, state: &str, fields: Value) -> Home {
    let mut view = crate::fake::view(0xab, "取药");
    view.author.id = MemberId([author; 32]);
    view.state = Some(state.to_owned());
    view.fields
        .extend(fields.as_object().expect("fields").clone());
    Home::with(
        name,
        Box::new(move |request| match request {
            Request::Show { .. } => Some(Ok(Answer::Document {
                document: Box::new(view.clone()),
                comments: Vec::new(),
            })),
            _ => None,
        }),
    )
}

/// What a command line asks the node to write.
#[track_caller]
fn written(home: &Home, line: &[&str]) -> Value {
    let request = id(0xab);
    let arguments: Vec<&str> = line
        .iter()
        .map(|word| match *word {
            "ID" => request.as_str(),
            word => word,
        })
        .collect();
    let output = home.run(&arguments);
    assert_eq!(exit(&output), 0, "{line:?}: {}", stderr(&output));
    match home.last_asked() {
        Some(Request::Edit { fields, .. }) => json!(fields),
        other => panic!("{line:?}: {other:?}"),
    }
}

#[test]
fn a_helper_speaks_for_its_own_offer() {
    let offers = json!({"offers": [
        fact(0x31, OTHER, json!({"state": "standby"})),
        fact(0x32, ME, json!({"state": "accepted"})),
    ]});
    let home = home("helper", OTHER, "matched", offers);
    let own = json!(format!("{}.0", id(0x32)));
    let cases: [(&[&str], Value); 6] = [
        (
            &["offer", "ID", "--body", "我去", "--when", "周六"],
            json!({"offers": {"body": "我去", "when": "周六"}}),
        ),
        (&["check-in", "ID"], json!({"check_ins": {"offer": own}})),
        (&["done", "ID"], json!({"completions": {"offer": own}})),
        (
            &["done", "ID", "--hours", "1.5"],
            json!({"completions": {"offer": own, "minutes": 90}}),
        ),
        (
            &["withdraw", "ID", "--reason", "病了"],
            json!({"withdrawals": {"offer": own, "reason": "病了"}}),
        ),
        (
            &["no-show", "ID", "--body", "没人"],
            json!({"no_shows": {"offer": own, "statement": "没人"}}),
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(written(&home, line), expected, "{line:?}");
    }
}

#[test]
fn a_requester_names_the_offer_by_id_beginning_or_helper() {
    let offers = json!({"offers": [
        fact(0x31, OTHER, json!({"state": "offered"})),
        fact(0x32, 8, json!({"state": "offered"})),
    ]});
    let home = home("requester", ME, "offered", offers);
    let first = json!(format!("{}.0", id(0x31)));
    for name in [
        format!("{}.0", id(0x31)),
        id(0x31),
        "3131".to_owned(),
        "户7".to_owned(),
    ] {
        let expected = json!({"acceptances": {"offer": first}});
        assert_eq!(written(&home, &["accept", "ID", &name]), expected);
    }
    let expected = json!({"handovers": {"offer": first}});
    assert_eq!(written(&home, &["gone", "ID", "户7"]), expected);
    for (line, field) in [
        (["renew", "ID"], "renewals"),
        (["cancel", "ID"], "cancellations"),
        (["reopen", "ID"], "reopenings"),
    ] {
        assert_eq!(written(&home, &line), json!({field: {}}));
    }
    let into = id(5);
    let merged = written(&home, &["merge", "ID", &into]);
    assert_eq!(merged, json!({"merges": {"into": into}}));
    for name in ["ffff", "31", "户9"] {
        let refused = home.run(&["accept", &id(0xab), name, "--json"]);
        assert_eq!(error_of(&refused)["code"], json!("not-found"), "{name}");
    }
}

#[test]
fn of_too_many_helpers_one_is_kept_in_one_act() {
    let offers = json!({"places": 1, "offers": [
        fact(0x31, OTHER, json!({"state": "accepted"})),
        fact(0x32, 8, json!({"state": "under-way"})),
        fact(0x33, 9, json!({"state": "standby"})),
    ]});
    let home = home("double", ME, "double-booked", offers);
    let expected = json!({"withdrawals": [{"offer": format!("{}.0", id(0x32))}]});
    assert_eq!(written(&home, &["accept", "ID", "3131"]), expected);
    // Who was not accepted is not kept by releasing everybody else: the node refuses it.
    let expected = json!({"acceptances": {"offer": format!("{}.0", id(0x33))}});
    assert_eq!(written(&home, &["accept", "ID", "3333"]), expected);
    // Which of two helpers is meant has to be said.
    let refused = home.run(&["done", &id(0xab), "--json"]);
    assert_eq!(error_of(&refused)["code"], json!("ambiguous"));
    let expected = json!({"completions": {"offer": format!("{}.0", id(0x32))}});
    assert_eq!(written(&home, &["done", "ID", "--offer", "3232"]), expected);
}

#[test]
fn confirming_takes_hours_and_thanks_for_everybody_who_helped() {
    let offers = json!({"offers": [
        fact(0x31, OTHER, json!({"state": "done"})),
        fact(0x32, 8, json!({"state": "done"})),
        fact(0x33, 9, json!({"state": "standby"})),
    ]});
    let home = home("confirm", ME, "done", offers);
    let line = ["confirm", "ID", "--hours", "1", "--thanks", "谢谢"];
    let thanks = [0x31, 0x32].map(
        |offer| json!({"offer": format!("{}.0", id(offer)), "words": "谢谢", "public": false}),
    );
    let expected = json!({"confirmations": {"minutes": 60}, "thanks": thanks});
    assert_eq!(written(&home, &line), expected);
    let refused = home.run(&["confirm", &id(0xab), "--hours", "many"]);
    assert_eq!(exit(&refused), 2);
    let refused = home.run(&["confirm", &id(0xab), "--public"]);
    assert_eq!(exit(&refused), 2);
}

#[test]
fn whoever_helped_is_thanked_at_any_time_afterwards() {
    let offers = json!({"offers": [
        fact(0x31, OTHER, json!({"state": "done"})),
        fact(0x32, 8, json!({"state": "gone"})),
        fact(0x33, 9, json!({"state": "standby"})),
    ]});
    let thanks = |offer: u8, public: bool| {
        let offer = format!("{}.0", id(offer));
        json!({"offer": offer, "words": "谢谢", "public": public})
    };
    let home = self::home("thank", ME, "confirmed", offers);
    let all = json!({"thanks": [thanks(0x31, false), thanks(0x32, false)]});
    assert_eq!(written(&home, &["thank", "ID", "--body", "谢谢"]), all);
    let line = [
        "thank", "ID", "--body", "谢谢", "--offer", "户8", "--public",
    ];
    assert_eq!(
        written(&home, &line),
        json!({"thanks": [thanks(0x32, true)]})
    );
    let nobody = self::home("thank-nobody", ME, "open", json!({}));
    let refused = nobody.run(&["thank", &id(0xab), "--body", "谢谢", "--json"]);
    assert_eq!(
        (exit(&refused), &error_of(&refused)["code"]),
        (4, &json!("not-found"))
    );
}

#[test]
fn one_agrees_to_what_the_other_side_says_and_replies_to_what_it_says_of_oneself() {
    let fields = json!({
        "offers": [fact(0x31, ME, json!({"state": "done"}))],
        "completions": [fact(0x41, ME, json!({"minutes": 60}))],
        "confirmations": [fact(0x42, OTHER, json!({"minutes": 90}))],
        "thanks": [
            fact(0x43, OTHER, json!({"words": "谢谢", "public": true})),
            fact(0x44, OTHER, json!({"words": "只给你", "public": false})),
        ],
        "assents": [fact(0x51, ME, json!({"to": format!("{}.0", id(0x43))}))],
        "no_shows": [fact(0x61, OTHER, json!({"statement": "没有来"}))],
    });
    let home = home("agree", OTHER, "confirmed", fields);
    let expected = json!({"assents": [{"to": format!("{}.0", id(0x42))}]});
    assert_eq!(written(&home, &["agree", "ID"]), expected);
    let no_show = format!("{}.0", id(0x61));
    let expected = json!({"replies": {"no_show": no_show, "answer": "来了"}});
    assert_eq!(written(&home, &["reply", "ID", "--body", "来了"]), expected);
}

#[test]
fn who_has_no_offer_is_told_how_to_make_one() {
    let home = home("none", OTHER, "open", json!({}));
    for line in ["check-in", "done", "withdraw"] {
        let refused = home.run(&[line, &id(0xab), "--json"]);
        let error = error_of(&refused);
        assert_eq!((exit(&refused), &error["code"]), (4, &json!("not-found")));
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|text| text.contains("linli offer"))
        );
    }
    let refused = home.run(&["agree", &id(0xab), "--json"]);
    assert_eq!(error_of(&refused)["code"], json!("not-found"));
}

#[test]
fn a_window_of_time_is_read_and_words_are_left() {
    let home = Home::new("window");
    let post = |when: &str| {
        home.run(&["post", "request", "--title", "x", "--when", when]);
        match home.last_asked() {
            Some(Request::Post(draft)) => json!(draft.fields),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        post("2026-12-01 18:00/20:00"),
        json!({"title": "x", "when": "2026-12-01 18:00/20:00",
            "from_ms": 1_796_148_000_000_i64, "until_ms": 1_796_155_200_000_i64})
    );
    assert_eq!(post("周六上午"), json!({"title": "x", "when": "周六上午"}));
}

#[test]
fn an_urgent_request_says_first_whom_to_call() {
    let home = Home::new("urgent");
    for (language, call) in [
        ("en", "In an emergency call 110, 119, 120"),
        ("zh", "请打 110、119、120"),
    ] {
        let line = [
            "--lang", language, "post", "request", "--title", "x", "--urgent", "--reason", "y",
        ];
        let output = home.run(&line);
        assert!(stderr(&output).contains(call), "{}", stderr(&output));
    }
}

#[test]
fn what_is_mine_comes_first_and_says_why() {
    let home = Home::new("mine");
    let mine = lines(&home.run(&["mine", "--json"]));
    assert!(mine[0]["document"]["id"].is_string(), "{mine:?}");
    let waits: Vec<bool> = mine.iter().map(|line| line["why"].is_string()).collect();
    assert!(waits.is_sorted_by(|one, other| one >= other), "{waits:?}");
    assert_eq!(exit(&home.run(&["mine"])), 0);
    assert_eq!(exit(&home.run(&["help-given"])), 0);
}
