//! The program `linli` against a fake core behind a real socket: which request a command line
//! becomes, what is printed, and how it ends.

mod helping;
mod input;
mod output;
mod paper;
mod refusals;
mod requests;
mod status;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::fake::{FakeCore, Script};
use node::api::ApiServer;
use protocol::api::{
    ActedAs, Answer, CapacityPowers, Confidential, CutFrom, CutTarget, Draft, ExcludedStatement,
    GovernanceView, ImportReport, ImportRowError, ListOrder, ListQuery, ModerationOutcome,
    NewModeration, NewMotion, Refusal, Request, RosterDevice, RosterMember, RosterOffice,
    RosterRole, RosterView, StatementRef, Status,
};
use protocol::id::{DeviceId, DocumentId, EntryId, InvitationId, MemberId};
use protocol::invitation::InvitedAs;
use serde_json::{Value, json};
use tui::language::Language;

/// A home with a fake node on it.
struct Home {
    path: PathBuf,
    fake: FakeCore,
    _server: ApiServer,
    _runtime: tokio::runtime::Runtime,
}

impl Home {
    fn new(name: &str) -> Self {
        Self::with(name, Box::new(|_| None))
    }

    fn with(name: &str, script: Box<Script>) -> Self {
        let path = std::env::temp_dir().join(format!("linli-cli-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder for the test");
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let (fake, server) = runtime.block_on(async {
            let (core, fake) = FakeCore::start(script);
            (
                fake,
                ApiServer::open(&path, core, Language::English).expect("a socket"),
            )
        });
        Self {
            path,
            fake,
            _server: server,
            _runtime: runtime,
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
        command
            .arg("--home")
            .arg(&self.path)
            .args(arguments)
            .env_clear()
            .env("TZ", "UTC")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program")
    }

    fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut stdin = child.stdin.take().expect("its input");
        // A program that has seen enough need not read the rest.
        let _seen_enough = stdin.write_all(input);
        drop(stdin);
        child.wait_with_output().expect("its output")
    }

    fn last_asked(&self) -> Option<Request> {
        self.fake.asked().pop()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.path);
    }
}

fn exit(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

fn lines(output: &Output) -> Vec<Value> {
    assert_eq!(exit(output), 0, "{}", stderr(output));
    let text = stdout(output);
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    lines.collect()
}

fn error_of(output: &Output) -> Value {
    let text = stderr(output);
    let value: Value = serde_json::from_str(text.trim()).unwrap_or_else(|_| panic!("{text}"));
    assert_eq!(value["error"]["exit"], json!(exit(output)));
    value["error"].clone()
}

fn id(byte: u8) -> String {
    format!("{byte:02x}").repeat(32)
}

fn post(kind: &str, fields: Value) -> Request {
    let fields = fields.as_object().expect("fields").clone();
    Request::Post(Draft {
        kind: kind.to_owned(),
        fields: fields.into_iter().collect(),
    })
}

fn list(change: impl FnOnce(&mut ListQuery)) -> Request {
    let mut query = ListQuery {
        limit: Some(500),
        ..ListQuery::default()
    };
    change(&mut query);
    Request::List(query)
}
