//! The user guide: both languages have the same pages, and every command line in it is one that the
//! program understands. Those that need neither neighbours nor a person are run.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use protocol::api::Language;
use tempfile::TempDir;

const GUIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guide");
const LANGUAGES: [(&str, Language); 2] = [("zh", Language::Chinese), ("en", Language::English)];

/// Commands that run alone in a home: they end by themselves and talk to nobody.
const ALONE: &[&str] = &[
    "post",
    "list",
    "search",
    "mark-read",
    "roster",
    "peers",
    "device",
    "digest",
    "status",
    "doctor",
    "invite",
    "office",
    "export",
    "import",
    "completions",
    "man",
    "openapi",
];

fn pages(language: &str) -> BTreeSet<String> {
    let folder = format!("{GUIDE}/{language}/src");
    let files = fs::read_dir(&folder).expect("the guide is there");
    let names = files.map(|file| file.expect("a file").file_name());
    names
        .map(|name| name.into_string().expect("a name"))
        .collect()
}

fn read(language: &str, page: &str) -> String {
    let path: PathBuf = [GUIDE, language, "src", page].iter().collect();
    fs::read_to_string(path).expect("it can be read")
}

/// The command lines in fenced blocks of the sort `console`, as the shell reads them.
fn lines(language: &str, page: &str) -> Vec<String> {
    let text = read(language, page);
    let blocks = text.split("```console\n").skip(1);
    let blocks = blocks.map(|block| block.split("```").next().unwrap_or_default());
    blocks
        .flat_map(str::lines)
        .map(|line| {
            let line = line.strip_prefix("$ ");
            line.unwrap_or_else(|| panic!("{page} shows no command line"))
                .to_owned()
        })
        .collect()
}

/// Words of a command line; what is redirected to a file is left out.
fn words(line: &str) -> Vec<String> {
    let command = line.split(" > ").next().unwrap_or_default();
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for sign in command.chars() {
        match sign {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            sign => word.push(sign),
        }
    }
    words.push(word);
    words
}

#[test]
fn both_languages_have_the_same_pages_and_list_them_all() {
    assert_eq!(pages("zh"), pages("en"));
    for (language, _) in LANGUAGES {
        let summary = read(language, "SUMMARY.md");
        for page in pages(language) {
            let listed = summary.contains(&format!("({page})"));
            assert!(
                listed || page == "SUMMARY.md",
                "{language}: {page} is not listed"
            );
        }
        for page in pages(language) {
            let text = read(language, &page);
            for link in text.split("](").skip(1) {
                let target = link.split(')').next().unwrap_or_default();
                let exists = Path::new(GUIDE)
                    .join(language)
                    .join("src")
                    .join(target)
                    .exists();
                assert!(exists, "{language}/{page} leads to {target}");
            }
        }
    }
}

#[test]
fn both_languages_show_the_same_commands() {
    let options = |language: &str, page: &str| -> Vec<Vec<String>> {
        let lines = lines(language, page).into_iter();
        lines
            .map(|line| {
                let mut words = words(&line);
                words.retain(|word| word.starts_with("--"));
                words
            })
            .collect()
    };
    for page in pages("zh") {
        assert_eq!(options("zh", &page), options("en", &page), "{page}");
    }
}

#[test]
fn every_command_line_is_understood() {
    let mut found = 0;
    for (language, spoken) in LANGUAGES {
        for page in pages(language) {
            for line in lines(language, &page) {
                found += 1;
                let words = words(&line);
                assert_eq!(words[0], "linli", "{language}/{page}: {line}");
                let arguments: Vec<OsString> = words.into_iter().map(OsString::from).collect();
                let parsed = node::cli::parse(arguments, spoken);
                assert!(
                    parsed.is_ok(),
                    "{language}/{page}: {line}: {:?}",
                    parsed.err()
                );
            }
        }
    }
    assert!(found > 60, "only {found} command lines were found");
}

#[test]
fn command_lines_that_run_alone_do_what_they_say() {
    for (language, _) in LANGUAGES {
        let folder = TempDir::new().expect("a folder");
        let table = "title,body\nOne,two\n";
        fs::write(folder.path().join("requests.csv"), table).expect("a file");
        let page = "---\ntitle: One\n---\ntwo\n";
        fs::write(folder.path().join("notice.md"), page).expect("a file");
        let run = |words: &[String]| -> Output {
            let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
            command.args(&words[1..]).current_dir(folder.path());
            command
                .env_clear()
                .env("LINLI_HOME", folder.path().join("home"));
            command.stdin(Stdio::null()).output().expect("the program")
        };
        let found = lines(language, "first-minutes.md");
        let found = found.iter().find(|line| line.starts_with("linli init"));
        let made = run(&words(found.expect("a line that founds")));
        assert!(made.status.success(), "{made:?}");
        let mut ran = 0;
        for page in pages(language) {
            for line in lines(language, &page) {
                let words = words(&line);
                let command = words.get(1).map(String::as_str).unwrap_or_default();
                // A device that can be revoked takes another one, and acting for somebody a steward's
                // record of the household.
                let needs_another = words.get(2).is_some_and(|word| word == "revoke")
                    || words.iter().any(|word| word == "--for");
                if !ALONE.contains(&command) || needs_another {
                    continue;
                }
                let output = run(&words);
                let said = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{language}/{page}: {line}: {said}");
                if let Some((_, file)) = line.split_once(" > ") {
                    fs::write(folder.path().join(file), output.stdout).expect("a file");
                }
                ran += 1;
            }
        }
        assert!(ran > 20, "only {ran} command lines ran");
    }
}
