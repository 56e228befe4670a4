//! Documents that leave as files and come back: into another neighbourhood as they were, and into
//! their own as what is there already.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

fn run(folder: &Path, home: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_linli"))
        .current_dir(folder)
        .args(["--home", home])
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("the program")
}

#[track_caller]
fn text(folder: &Path, home: &str, arguments: &[&str]) -> String {
    let output = run(folder, home, arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {told}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[track_caller]
fn lines(folder: &Path, home: &str, arguments: &[&str]) -> Vec<Value> {
    let text = text(folder, home, &[arguments, &["--json"]].concat());
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[track_caller]
fn post(folder: &Path, home: &str, arguments: &[&str]) -> String {
    let written = lines(folder, home, &[&["post"], arguments].concat());
    written[0]["id"].as_str().expect("an id").to_owned()
}

/// What documents say, in the order of their titles.
fn said(folder: &Path, home: &str, kind: &str) -> Vec<Value> {
    let mut said: Vec<Value> = lines(folder, home, &["list", kind])
        .into_iter()
        .map(|mut view| {
            // A role means nothing elsewhere.
            let fields = view["fields"].as_object_mut().expect("fields");
            fields.remove("capacity");
            view["fields"].take()
        })
        .collect();
    said.sort_by_key(|fields| fields["title"].to_string());
    said
}

fn found(folder: &Path, home: &str) {
    let names = ["--household", "林家", "--building", "3", "--lang", "zh"];
    text(
        folder,
        home,
        &[&["init", "--found", home][..], &names].concat(),
    );
}

#[test]
fn what_was_exported_comes_back_once() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    found(folder, "A");
    let when = "2096-12-01 18:00/20:00";
    for arguments in [
        &[
            "request",
            "--title",
            "=1+1",
            "--body=-梯子\n\n  @今晚\t；",
            "--when",
            when,
        ][..],
        &[
            "request",
            "--title",
            "'急",
            "--urgent",
            "--reason",
            "发烧",
            "--category",
            "errand",
        ],
        &[
            "request",
            "--title",
            "谁有，\"梯子\"？",
            "--field",
            "places:=3",
            "--category",
            "goods",
        ],
        &[
            "notice",
            "--title",
            "停水",
            "--body",
            "21:00\n请储水",
            "--ack",
            "--level",
            "important",
        ],
    ] {
        post(folder, "A", arguments);
    }
    let plan = "# 节目\n\n- **合唱**\n\n".repeat(200);
    post(folder, "A", &["plan", "--title", "灯会", "--body", &plan]);

    for (number, (kind, format)) in [
        ("requests", "csv"),
        ("requests", "json"),
        ("notices", "csv"),
        ("plans", "json"),
    ]
    .into_iter()
    .enumerate()
    {
        let file = format!("{kind}.{format}");
        let exported = text(folder, "A", &["export", kind, "--format", format]);
        std::fs::write(folder.join(&file), exported).expect("a file");
        let import = ["import", kind, file.as_str()];
        let here = lines(folder, "A", &import);
        let count = said(folder, "A", kind).len();
        assert_eq!(
            (&here[0]["imported"], &here[0]["skipped"]),
            (&json!(0), &json!(count)),
            "{file}"
        );
        let other = format!("B{number}");
        found(folder, &other);
        let looked = lines(folder, &other, &[&import[..], &["--preview"]].concat());
        assert_eq!(looked[0]["titles"].as_array().map(Vec::len), Some(count));
        assert_eq!(
            said(folder, &other, kind),
            Vec::<Value>::new(),
            "a look changes nothing"
        );
        let first = lines(folder, &other, &import);
        assert_eq!(first[0]["imported"], json!(count), "{first:?}");
        let again = lines(folder, &other, &import);
        assert_eq!(
            (&again[0]["imported"], &again[0]["skipped"]),
            (&json!(0), &json!(count))
        );
        assert_eq!(
            said(folder, &other, kind),
            said(folder, "A", kind),
            "{file}"
        );
    }
    // In another form it is known again.
    let again = lines(folder, "B0", &["import", "requests", "requests.json"]);
    assert_eq!(
        (&again[0]["imported"], &again[0]["skipped"]),
        (&json!(0), &json!(3))
    );
}

#[test]
fn a_page_comes_back_and_a_written_one_is_posted() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    found(folder, "A");
    found(folder, "B");
    let plan = "# 节目\n\n<!-- linli-document-1 {} -->\n- a -- b & <b>c</b>\n";
    let id = post(
        folder,
        "A",
        &["plan", "--title", "灯会 --> x", "--body", plan],
    );
    let page = text(folder, "A", &["export", &id, "--format", "markdown"]);
    std::fs::write(folder.join("plan.md"), &page).expect("a file");
    let imported = lines(folder, "B", &["import", "plans", "plan.md"]);
    assert_eq!(imported[0]["imported"], json!(1), "{imported:?}");
    assert_eq!(said(folder, "B", "plans"), said(folder, "A", "plans"));
    let again = lines(folder, "B", &["import", "documents", "plan.md"]);
    assert_eq!(again[0]["skipped"], json!(1));

    let written = "---\ntitle: 今晚停水\nlevel: important\nack: yes\n---\n21:00 停水。\n";
    std::fs::write(folder.join("notice.md"), written).expect("a file");
    let imported = lines(folder, "B", &["import", "notices", "notice.md"]);
    assert_eq!(imported[0]["imported"], json!(1), "{imported:?}");
    let notices = said(folder, "B", "notices");
    assert_eq!(notices[0]["body"], json!("21:00 停水。"));
    assert_eq!(notices[0]["ack"], json!(true));
}

#[test]
fn all_of_a_file_is_imported_or_nothing() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    found(folder, "A");
    let file = "{\"kind\":\"notice\",\"fields\":{\"title\":\"好的\"}}\n\
        {\"kind\":\"notice\",\"fields\":{\"title\":\"坏的\",\"level\":\"loud\",\"nonsense\":1}}\n";
    std::fs::write(folder.join("notices.json"), file).expect("a file");
    for (language, words) in [("zh", "第 2 行"), ("en", "Row 2 (line 2), column level")] {
        let import = ["--lang", language, "import", "notices", "notices.json"];
        let output = run(folder, "A", &import);
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(told.contains(words), "{told}");
    }
    assert_eq!(said(folder, "A", "notices"), Vec::<Value>::new());
    let csv = "id,kind,title,places\n,request,好的,1\n,request,坏的,1000\n";
    std::fs::write(folder.join("requests.csv"), csv).expect("a file");
    let output = run(
        folder,
        "A",
        &["import", "requests", "requests.csv", "--json"],
    );
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let error = &told["errors"][0];
    assert_eq!(
        (&error["row"], &error["column"]),
        (&json!(3), &json!("places")),
        "{told}"
    );
    assert_eq!(said(folder, "A", "requests"), Vec::<Value>::new());
}

#[test]
fn a_list_is_filtered_and_read_by_people() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    found(folder, "A");
    post(folder, "A", &["request", "--title", "要做的"]);
    let over = post(folder, "A", &["request", "--title", "过去的"]);
    text(folder, "A", &["cancel", &over]);
    for format in ["csv", "json", "md"] {
        let open = ["export", "requests", "--state", "open", "--format", format];
        let told = text(folder, "A", &open);
        assert!(
            told.contains("要做的") && !told.contains("过去的"),
            "{told}"
        );
    }
    let page = text(
        folder,
        "A",
        &["--lang", "en", "export", "requests", "--format", "md"],
    );
    assert!(
        page.starts_with("# ") && page.contains("| 要做的 |"),
        "{page}"
    );
    let table = text(folder, "A", &["export", "requests", "--format", "csv"]);
    assert!(
        table.starts_with("\u{feff}id,kind,title,"),
        "a spreadsheet reads it as UTF-8"
    );
}

/// Runs an import that is refused, and returns its faults by row: column and words.
#[track_caller]
fn refused(folder: &Path, home: &str, file: &str, language: &str) -> Vec<(i64, String, String)> {
    let import = ["--lang", language, "import", "requests", file, "--json"];
    let output = run(folder, home, &import);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(told["imported"], json!(0), "{told}");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let errors = told["errors"].as_array().expect("errors").iter();
    let errors = errors.map(|error| {
        let row = error["row"].as_i64().expect("a row");
        (row, text(&error["column"]), text(&error["what"]))
    });
    errors.collect()
}

fn record(folder: &Path, home: &str, proxy: &[&str]) -> String {
    let consent = ["--building", "3", "--consent", "纸条"];
    let record = [&["household", "record", "王奶奶"], &consent[..], proxy].concat();
    let written = lines(folder, home, &record);
    written[0]["id"].as_str().expect("an id").to_owned()
}

/// The households for which a home's requests were recorded, by what they are called.
fn asked_for(folder: &Path, home: &str) -> Vec<(Value, Value)> {
    let mut views = lines(folder, home, &["list", "requests"]);
    views.sort_by_key(|view| view["fields"]["title"].to_string());
    let household = |view: &Value| view["for_household"]["name"].clone();
    let views = views.iter();
    views
        .map(|view| (view["fields"]["title"].clone(), household(view)))
        .collect()
}

#[test]
fn a_request_for_a_household_without_a_device_never_becomes_the_importers_own() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    found(folder, "A");
    let wang = record(folder, "A", &["--proxy", "林家"]);
    let bulb = post(
        folder,
        "A",
        &["request", "--title", "换灯泡", "--for", "王奶奶"],
    );
    post(folder, "A", &["request", "--title", "谁有梯子"]);
    for format in ["csv", "json", "md"] {
        let export = ["export", "requests", "--format", format];
        let exported = text(folder, "A", &export);
        assert!(
            exported.contains(&wang) && exported.contains("王奶奶"),
            "{exported}"
        );
        std::fs::write(folder.join(format!("requests.{format}")), exported).expect("a file");
    }
    let page = text(folder, "A", &["export", &bulb, "--format", "markdown"]);
    std::fs::write(folder.join("page.md"), &page).expect("a file");

    // Where nobody has recorded her, nothing of the file is posted.
    found(folder, "B");
    for file in ["requests.csv", "requests.json", "page.md"] {
        for (language, words) in [("zh", "请让管理员登记"), ("en", "have a steward record it")]
        {
            let faults = refused(folder, "B", file, language);
            let [(number, column, what)] = &faults[..] else {
                panic!("{faults:?}");
            };
            assert!(*number > 0, "{faults:?}");
            assert_eq!(column, "for_household");
            assert!(what.contains(words), "{faults:?}");
        }
    }
    assert_eq!(asked_for(folder, "B"), []);

    // Where she is recorded, but somebody else acts for her, neither.
    let here = record(folder, "B", &[]);
    let csv = std::fs::read_to_string(folder.join("requests.csv")).expect("a file");
    std::fs::write(folder.join("digits.csv"), csv.replace(&wang, &here)).expect("a file");
    std::fs::write(folder.join("name.csv"), csv.replace(&wang, "王奶奶")).expect("a file");
    for file in ["digits.csv", "name.csv"] {
        for (language, words) in [
            ("zh", "不是这户"),
            ("en", "does not act for this household"),
        ] {
            let faults = refused(folder, "B", file, language);
            assert_eq!(faults.len(), 1, "{faults:?}");
            assert!(faults[0].2.contains(words), "{faults:?}");
        }
    }
    assert_eq!(asked_for(folder, "B"), []);

    // Her proxy posts it for her: once, whether by digits or by what she is called.
    let add = [
        "household",
        "add",
        "王奶奶",
        "--proxy",
        "林家",
        "--consent",
        "纸条",
    ];
    text(folder, "B", &add);
    for (file, imported) in [("name.csv", 2), ("digits.csv", 0), ("name.csv", 0)] {
        let told = lines(folder, "B", &["import", "requests", file]);
        assert_eq!(
            (&told[0]["imported"], &told[0]["skipped"]),
            (&json!(imported), &json!(2 - imported)),
            "{file}: {told:?}"
        );
    }
    let both = vec![
        (json!("换灯泡"), json!("王奶奶")),
        (json!("谁有梯子"), Value::Null),
    ];
    assert_eq!(asked_for(folder, "B"), both);

    // What is here already is skipped, also once nobody acts for her any more.
    let end = ["household", "end", "王奶奶", "--reason", "搬走了"];
    for home in ["A", "B"] {
        text(folder, home, &end);
    }
    for (home, file) in [
        ("B", "name.csv"),
        ("A", "requests.csv"),
        ("A", "requests.json"),
    ] {
        let told = lines(folder, home, &["import", "requests", file]);
        assert_eq!(told[0]["skipped"], json!(2), "{file}: {told:?}");
    }
    let again = ["import", "documents", "page.md"];
    assert_eq!(lines(folder, "A", &again)[0]["skipped"], json!(1));
}

#[test]
fn several_households_of_one_name_are_told_apart_by_their_digits() {
    let folder = TempDir::new().expect("a folder");
    let folder = folder.path();
    found(folder, "A");
    let one = record(folder, "A", &["--proxy", "林家"]);
    let _other = record(folder, "A", &["--proxy", "林家"]);
    let csv = "id,kind,title,for_household\n,request,换灯泡,王奶奶\n";
    std::fs::write(folder.join("name.csv"), csv).expect("a file");
    for (language, words) in [("zh", "有几户"), ("en", "write the 64 digits")] {
        let faults = refused(folder, "A", "name.csv", language);
        assert_eq!((faults[0].0, faults[0].1.as_str()), (2, "for_household"));
        assert!(faults[0].2.contains(words), "{faults:?}");
    }
    std::fs::write(folder.join("digits.csv"), csv.replace("王奶奶", &one)).expect("a file");
    let told = lines(folder, "A", &["import", "requests", "digits.csv"]);
    assert_eq!(told[0]["imported"], json!(1), "{told:?}");
    let views = lines(folder, "A", &["list", "requests"]);
    assert_eq!(views[0]["for_household"]["id"], json!(one));
}
