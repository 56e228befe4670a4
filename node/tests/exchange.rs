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
