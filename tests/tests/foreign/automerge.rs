//! Exports as Automerge's own JavaScript package sees them: it shares no code with this program
//! but through WebAssembly, and is what others would open an export with.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::process::Home;

/// The release that the exports are opened with.
const PACKAGE: &str = "@automerge/automerge@3.5.0";
const TEXT: &str = "# 家园日\n\n一 👨‍👩‍👧 é\n\n二\n";

#[test]
fn exports_show_the_same_in_automerge_for_javascript() {
    let folder = TempDir::new().expect("a folder");
    let home = Home::new(folder.path(), "a");
    home.json(&[
        "init",
        "--lang",
        "zh",
        "--household",
        "林家",
        "--building",
        "3",
        "--found",
        "梧桐里",
    ]);
    let mut home = home;
    home.start(&[]);
    let request = post(
        &home,
        &json!({"kind": "request", "fields": {"title": "谁有梯子？", "body": "周六上午\n换灯泡"}}),
    );
    let plan = post(
        &home,
        &json!({"kind": "plan", "fields": {"title": "家园日", "text": "一\n\n三\n"}}),
    );
    // Text that was deleted and written again, not only inserted.
    let path = format!("/v1/documents/{plan}");
    let edit = json!({"fields": {"text": TEXT}});
    let (code, answer) = home
        .request("PATCH", &path, Some(&edit))
        .expect("an answer");
    assert_eq!(code, 200, "{answer}");

    let files = [&request, &plan].map(|id| export(&home, folder.path(), id));
    let opened = open(folder.path(), &files);
    let shown = [&request, &plan].map(|id| home.json(&["show", id])["document"]["fields"].clone());
    for field in ["title", "body"] {
        assert_eq!(opened[0]["content"][field], shown[0][field], "{opened}");
    }
    for field in ["title", "text"] {
        assert_eq!(opened[1]["content"][field], shown[1][field], "{opened}");
    }
    assert_eq!(opened[0]["content"]["title"], json!("谁有梯子？"));
    assert_eq!(opened[1]["content"]["text"], json!(TEXT));
    assert!(
        opened[1]["changes"].as_u64() >= Some(2),
        "history is gone: {opened}"
    );
}

fn post(home: &Home, draft: &Value) -> String {
    let answer = home.request("POST", "/v1/documents", Some(draft));
    let (code, written) = answer.expect("the node answers");
    assert_eq!(code, 201, "{written}");
    written["id"].as_str().expect("an id").to_owned()
}

fn export(home: &Home, folder: &Path, id: &str) -> std::path::PathBuf {
    let output = home.run(&["export", id, "--format", "automerge"]);
    assert!(output.status.success(), "{output:?}");
    let path = folder.join(id);
    std::fs::write(&path, output.stdout).expect("a file");
    path
}

/// Installs the package into the folder and prints what it reads.
fn open(folder: &Path, files: &[std::path::PathBuf]) -> Value {
    let installed = Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--prefix"])
        .arg(folder)
        .arg(PACKAGE)
        .output()
        .expect("npm is installed");
    assert!(installed.status.success(), "{installed:?}");
    let script = folder.join("open.mjs");
    std::fs::write(&script, include_str!("open.mjs")).expect("a file");
    let output = Command::new("node")
        .arg(script)
        .args(files)
        .output()
        .expect("node is installed");
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}
