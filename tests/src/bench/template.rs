//! Homes that hold a corpus: made once through the program itself, kept in the work folder, copied
//! for each run.
//!
//! The first home, `a`, founds the neighbourhood and takes everything that the community writes as
//! bundles, verified like any other. The second, `b`, has joined and holds what the neighbourhood
//! held then: nothing but the roster.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use protocol::id::SpaceId;
use protocol::words::RecoveryWords;
use serde_json::{Value, json};

use super::community::Community;
use super::{BenchError, cold_sync, corpus, machine, votes};
use crate::process::{Home, until};

/// Entries of one bundle, so that it stays below what one import may have.
const BUNDLE_ENTRIES: usize = 16_000;
/// How long before the present the corpus was written.
const AGE_MS: i64 = 40 * 24 * 60 * 60 * 1_000;
/// How long before the present the later half of the front end's corpus was written: its requests
/// still ask, and what was done in it still waits to be confirmed.
const LATER_MS: i64 = 3 * 24 * 60 * 60 * 1_000;
/// Says that a template is whole, and what it holds.
const MARK: &str = "whole.json";
/// Bundles of entries that are new to a template's homes.
pub const NEWS: usize = 20;
/// Entries in each of them.
pub const NEWS_ENTRIES: usize = 10;

/// A template.
#[derive(Clone, Debug)]
pub struct Template {
    folder: PathBuf,
    /// What it holds: `records`, `documents`.
    pub holds: Value,
}

impl Template {
    /// Makes the template of a generated corpus, or finds it.
    ///
    /// # Errors
    ///
    /// When a command of the program fails.
    pub fn of_corpus(work: &Path, size: corpus::Size) -> Result<Self, BenchError> {
        let name = format!(
            "corpus-{}x{}-{}",
            size.documents, size.records_each, size.authors
        );
        Self::make(work, &name, |making| {
            let records = corpus::generate(size);
            making.admit_joiner()?;
            let mut community = making.community()?;
            let from = community.taken_until() + 1;
            community.admit_until(size.authors);
            community.write(&records);
            making.import(&community.bundles(from, BUNDLE_ENTRIES))?;
            corpus::write(&records, &making.folder.join("corpus.jsonl"))?;
            let from = community.last_arrival() + 1;
            let news = corpus::generate(corpus::Size {
                documents: NEWS * NEWS_ENTRIES,
                records_each: 1,
                ..size
            });
            community.write(&news);
            let news = community.bundles(from, NEWS_ENTRIES);
            for (number, bytes) in news.iter().enumerate() {
                std::fs::write(making.folder.join(format!("news-{number}")), bytes)?;
            }
            Ok(json!({"records": size.records(), "documents": size.documents}))
        })
    }

    /// Makes the template of a generated corpus with plans beside it, posted one by one, or finds it.
    ///
    /// # Errors
    ///
    /// When a command of the program fails.
    pub fn of_front_end(work: &Path, size: corpus::Size, plans: usize) -> Result<Self, BenchError> {
        let name = format!(
            "front-end-2-{}x{}-{plans}",
            size.documents, size.records_each
        );
        Self::make(work, &name, |making| {
            let records = corpus::generate(size);
            making.admit_joiner()?;
            let mut community = making.community()?;
            let from = community.taken_until() + 1;
            community.admit_until(size.authors);
            community.live(&records, now_ms() - LATER_MS);
            making.import(&community.bundles(from, BUNDLE_ENTRIES))?;
            making.post_plans(plans)?;
            let entries = community.last_arrival() + 1 - from;
            Ok(json!({"entries": entries, "documents": size.documents + plans}))
        })
    }

    /// Makes the template of the votes, or finds it. The joiner holds the roster and no vote.
    ///
    /// # Errors
    ///
    /// When a command of the program fails.
    pub fn of_votes(work: &Path, votes: &[votes::Vote]) -> Result<Self, BenchError> {
        let name = format!("votes-{}", votes.len());
        Self::make(work, &name, |making| {
            let voters = votes.iter().map(|vote| vote.voter + 1).max().unwrap_or(0);
            let mut community = making.community()?;
            let from = community.taken_until() + 1;
            community.admit_until(voters);
            making.import(&community.bundles(from, BUNDLE_ENTRIES))?;
            making.admit_joiner()?;
            let from = community.last_arrival() + 1;
            votes::write(&mut community, votes);
            making.import(&community.bundles(from, BUNDLE_ENTRIES))?;
            Ok(json!({"records": votes.len(), "documents": voters, "devices": voters}))
        })
    }

    fn make(
        work: &Path,
        name: &str,
        fill: impl FnOnce(&Making) -> Result<Value, BenchError>,
    ) -> Result<Self, BenchError> {
        let folder = work.join("templates").join(name);
        if let Ok(bytes) = std::fs::read(folder.join(MARK)) {
            let holds = serde_json::from_slice(&bytes)
                .map_err(|_| BenchError::Failed(format!("{} is damaged", folder.display())))?;
            return Ok(Self { folder, holds });
        }
        // What a run that was broken off has left.
        let _absent = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        let making = Making::found(&folder);
        let holds = fill(&making)?;
        making.rest();
        std::fs::write(folder.join(MARK), holds.to_string())?;
        Ok(Self { folder, holds })
    }

    /// Copies a home into a folder.
    ///
    /// # Errors
    ///
    /// When it cannot be copied.
    pub fn copy(&self, name: &str, folder: &Path) -> Result<Home, BenchError> {
        let copied = Command::new("cp")
            .arg("-a")
            .arg(self.folder.join(name))
            .arg(folder.join(name))
            .status()?;
        if !copied.success() {
            return Err(BenchError::Failed(format!("{name} could not be copied")));
        }
        Ok(Home::new(folder, name))
    }

    /// Returns the corpus as the peers read it.
    pub fn corpus(&self) -> PathBuf {
        self.folder.join("corpus.jsonl")
    }

    /// Reads a bundle of entries that are new to both homes.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn news(&self, number: usize) -> std::io::Result<Vec<u8>> {
        std::fs::read(self.folder.join(format!("news-{number}")))
    }

    /// Returns a number of what it holds.
    pub fn count(&self, what: &str) -> u64 {
        self.holds[what].as_u64().unwrap_or(0)
    }
}

/// A template that is being made.
struct Making {
    folder: PathBuf,
    space: SpaceId,
    words: RecoveryWords,
}

impl Making {
    fn found(folder: &Path) -> Self {
        let home = Home::new(folder, "a");
        let founded = home.json(&[
            "init",
            "--lang",
            "en",
            "--household",
            "林家",
            "--building",
            "3",
            "--found",
            "梧桐里",
        ]);
        let words: Vec<&str> = founded["words"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        Self {
            folder: folder.to_owned(),
            space: serde_json::from_value(founded["space"].clone()).expect("a space's name"),
            words: RecoveryWords::parse(&words.join(" ")).expect("recovery words"),
        }
    }

    fn home(&self) -> Home {
        Home::new(&self.folder, "a")
    }

    fn community(&self) -> Result<Community, BenchError> {
        let exported = self
            .home()
            .run(&["export", "--space", "--format", "bundle"]);
        if !exported.status.success() {
            return Err(failed("export", &exported.stderr));
        }
        let key = self.words.key();
        let community = Community::join(self.space, &key, &exported.stdout, now_ms() - AGE_MS);
        Ok(community)
    }

    /// Lets the home `b` join.
    fn admit_joiner(&self) -> Result<(), BenchError> {
        let mut founder = self.home();
        founder.start(&["--listen", "/ip4/127.0.0.1/tcp/0"]);
        let address = cold_sync::listening(&founder);
        let invitation = founder.json(&["invite", "--uses", "1", "--expires", "7d"]);
        let invitation = invitation["invitation"].as_str().unwrap_or_default();
        let joined = Home::new(&self.folder, "b").run(&[
            "join",
            invitation,
            "--lang",
            "en",
            "--household",
            "王家",
            "--building",
            "5",
            "--dial",
            &address,
        ]);
        if !joined.status.success() {
            return Err(failed("join", &joined.stderr));
        }
        Ok(())
    }

    fn post_plans(&self, count: usize) -> Result<(), BenchError> {
        let mut home = self.home();
        home.start(&["--listen", "/ip4/127.0.0.1/tcp/0"]);
        let text =
            "# 节目\n\n- 18:30 **合唱**：《茉莉花》\n- 19:00 舞龙\n\n两个人看锅，一个人收垃圾。\n";
        for number in 0..count {
            let fields = json!({
                "title": format!("元宵灯会 {number}"), "place": "中心花园", "text": text.repeat(10),
            });
            let draft = json!({"kind": "plan", "fields": fields});
            let (code, answer) = home.request("POST", "/v1/documents", Some(&draft))?;
            if code != 201 {
                return Err(BenchError::Failed(answer.to_string()));
            }
        }
        Ok(())
    }

    fn import(&self, bundles: &[Vec<u8>]) -> Result<(), BenchError> {
        for bytes in bundles {
            let path = self.folder.join("bundle");
            std::fs::write(&path, bytes)?;
            let imported = self
                .home()
                .run(&["import", "bundle", &path.to_string_lossy()]);
            if !imported.status.success() {
                return Err(failed("import bundle", &imported.stderr));
            }
            std::fs::remove_file(path)?;
        }
        Ok(())
    }

    /// Runs both homes until nothing is left to project, to index or to checkpoint.
    fn rest(&self) {
        for name in ["a", "b"] {
            let mut home = Home::new(&self.folder, name);
            home.start(&["--listen", "/ip4/127.0.0.1/tcp/0"]);
            until("everything is shown", || home.status()["unprojected"] == 0);
            machine::settle(&[home.pid()]);
        }
    }
}

fn now_ms() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| i64::try_from(now.as_millis()).unwrap_or(i64::MAX))
}

fn failed(what: &str, stderr: &[u8]) -> BenchError {
    let said = String::from_utf8_lossy(stderr);
    BenchError::Failed(format!("linli {what}: {}", said.trim()))
}
