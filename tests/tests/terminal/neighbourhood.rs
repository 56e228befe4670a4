//! What most tests begin with: homes that belong to a neighbourhood, and a tmux.

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::process::{Home, until};

use crate::tmux::{Size, Tmux, Window};

/// A neighbourhood that one household founded.
#[derive(Debug)]
pub struct Neighbourhood {
    // Dropped in this order: what runs ends before its home is removed.
    pub tmux: Tmux,
    folder: TempDir,
}

impl Neighbourhood {
    /// Founds it: the home of 林家, whose screen is Chinese.
    pub fn found() -> Self {
        let neighbourhood = Self::nowhere();
        let names = ["--household", "林家", "--building", "3"];
        let found = ["init", "--lang", "zh", "--found", "梧桐里"];
        let arguments = [&found[..], &names].concat();
        neighbourhood.lin().json(&arguments);
        neighbourhood
    }

    /// A folder in which no home is yet.
    pub fn nowhere() -> Self {
        Self {
            tmux: Tmux::start(),
            folder: TempDir::new().expect("a folder"),
        }
    }

    /// The folder of the homes.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The home of 林家.
    pub fn lin(&self) -> Home {
        Home::new(self.folder.path(), "lin")
    }

    /// The home of the Chens, whose screen is English.
    pub fn chen(&self) -> Home {
        Home::new(self.folder.path(), "chen")
    }

    /// Lets the Chens join while the node of 林家 runs.
    pub fn chen_joins(&self) {
        let lin = self.lin();
        let invited = lin.json(&["invite", "--uses", "1"]);
        let invitation = invited["invitation"].as_str().expect("an invitation");
        let names = ["--household", "The Chens", "--building", "5"];
        let dial = ["--dial", &address(&lin)];
        let join = ["join", invitation, "--lang", "en"];
        let joined = self.chen().json(&[&join[..], &names, &dial].concat());
        assert_eq!(joined["pending"], json!(false), "{joined}");
    }

    /// Opens the front end of 林家 and waits for its first page.
    pub fn lin_opens(&self, size: Size) -> Window<'_> {
        let window = self.tmux.front_end(self.lin().path(), size, &[]);
        window.shows("1 今天");
        window
    }

    /// Opens the front end of the Chens and waits until it is connected.
    pub fn chen_opens(&self, size: Size) -> Window<'_> {
        let window = self.tmux.front_end(self.chen().path(), size, &[]);
        window.shows("1 neighbour in reach");
        window
    }
}

/// Where a running node listens.
pub fn address(home: &Home) -> String {
    let mut found = None;
    until("the node listens", || {
        let listening = home.status()["listening"].clone();
        found = listening[0].as_str().map(str::to_owned);
        found.is_some()
    });
    found.expect("it listens")
}

/// Publishes a document, and returns its name.
pub fn post(home: &Home, kind: &str, fields: Value) -> String {
    let draft = json!({"kind": kind, "fields": fields});
    let answer = home.request("POST", "/v1/documents", Some(&draft));
    let (code, written) = answer.expect("the node answers");
    assert_eq!(code, 201, "{written}");
    written["id"].as_str().expect("a name").to_owned()
}

/// What stands in a document's field.
pub fn field(home: &Home, document: &str, field: &str) -> Value {
    let path = format!("/v1/documents/{document}");
    let (code, shown) = home.request("GET", &path, None).expect("the node answers");
    match code {
        200 => shown["document"]["fields"][field].clone(),
        _ => Value::Null,
    }
}
