//! Keeping the household from within the front end: a backup, the recovery sheet, and moving out.

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use tui::client::{Client, socket_path};
use tui::host::{BackupInside, HostAnswer, Passphrase, Protection};

use super::super::backup::{self, NewLock, key_beside, key_lock, shown};
use super::super::error::CliError;
use super::super::household::HouseholdError;
use super::super::session::Session;
use super::super::{Context, leave, passphrase, plain, sheet};
use super::{Desk, blocking};
use crate::backup::Lock;
use crate::durable_file::WriteError;
use crate::running::StartError;
use crate::setup::{self, HomeState, Lock as HomeLock, Unlock};

/// Time in which a neighbour or relay may take what a household that leaves has told.
const HELD_MAX: Duration = Duration::from_secs(20);
/// The same where nobody is in reach: the node has looked for them for as long as it runs.
const ALONE_MAX: Duration = Duration::from_secs(3);

/// Checks a backup and says what is inside.
pub(super) async fn check(file: PathBuf, protection: Protection) -> Result<HostAnswer, CliError> {
    let file = whole(&file)?;
    let opened = move || {
        backup::open(&file, |_| match protection {
            Protection::Passphrase(typed) => Ok(Lock::Passphrase(secret(&typed))),
            Protection::KeyFile => key_lock(&file, &key_beside(&file)),
        })
    };
    // Deriving a key takes a while, on purpose.
    let opened = tokio::task::spawn_blocking(opened).await;
    let opened = opened.expect("checking does not panic")?;
    Ok(HostAnswer::BackupHolds(BackupInside {
        neighbourhood: plain::line(&opened.inside.neighbourhood),
        household: opened.inside.member.short(),
        made_ms: opened.contents.made_ms,
        entries: opened.inside.entries,
        devices: opened.inside.devices,
        drafts: opened.contents.drafts.len(),
        bytes: opened.bytes as u64,
    }))
}

impl Desk {
    /// Makes a backup where nothing stands.
    pub(super) async fn back_up(
        &self,
        file: &Path,
        protection: Protection,
    ) -> Result<HostAnswer, CliError> {
        let file = whole(file)?;
        free(&file)?;
        let lock = match protection {
            Protection::Passphrase(typed) => NewLock::Passphrase(secret(&typed)),
            Protection::KeyFile => NewLock::KeyFile(key_beside(&file)),
        };
        let made = backup::make(&self.session()?, &file, lock).await?;
        Ok(HostAnswer::BackedUp {
            file: shown(&file),
            bytes: made.bytes as u64,
            key_file: made.key_file.map(|path| shown(&path)),
        })
    }

    /// Writes the recovery sheet, once the keystore's passphrase is known where it has one.
    pub(super) async fn recovery_sheet(
        &self,
        file: &Path,
        typed: Option<Passphrase>,
    ) -> Result<HostAnswer, CliError> {
        let file = whole(file)?;
        sheet::may_stand(&file)?;
        let HomeState::Present { lock, .. } = setup::inspect(&self.home)? else {
            let home = self.home.clone();
            return Err(CliError::NoHome { home });
        };
        let unlock = match (lock, typed) {
            (HomeLock::KeyFile, _) => Unlock::KeyFile(self.key_file.clone()),
            (HomeLock::Passphrase, Some(typed)) => Unlock::Passphrase(secret(&typed)),
            (HomeLock::Passphrase, None) => match passphrase::given(&self.context()) {
                Some(unlock) => unlock,
                None => return Ok(HostAnswer::PassphraseNeeded),
            },
        };
        let home = self.home.clone();
        let words = tokio::task::spawn_blocking(move || sheet::words(&home, &unlock)).await;
        let words = words.expect("opening a keystore does not panic")?;
        sheet::make(&self.session()?, &file, words).await?;
        Ok(HostAnswer::SheetWritten(shown(&file)))
    }

    /// Exports everything, which comes before moving out.
    pub(super) async fn export(&self, folder: &Path) -> Result<HostAnswer, CliError> {
        self.owns_the_node().await?;
        let folder = whole(folder)?;
        let exported = leave::export(&self.session()?, &folder, &self.context()).await?;
        Ok(HostAnswer::Exported {
            folder: shown(&folder),
            files: exported.files,
        })
    }

    /// Moves out: tells the neighbours, stops the node, and removes the home.
    pub(super) async fn leave(&self, folder: &Path) -> Result<HostAnswer, CliError> {
        self.owns_the_node().await?;
        let folder = whole(folder)?;
        let session = self.session()?;
        let wait = match leave::status(&session).await?.peers {
            0 => ALONE_MAX,
            _ => HELD_MAX,
        };
        let held = leave::tell(&session, &folder, wait).await?;
        drop(session);
        let node = self.parts.lock().await.node.take();
        if let Some(node) = node {
            node.stop().await?;
        }
        let home = self.home.clone();
        blocking(move || setup::remove(&home)).await?;
        let folder = shown(&folder);
        Ok(HostAnswer::Left { folder, held })
    }

    /// A node of another process would go on in a home that is removed.
    async fn owns_the_node(&self) -> Result<(), CliError> {
        match self.parts.lock().await.node.is_some() {
            true => Ok(()),
            false => Err(StartError::Locked {
                home: self.home.clone(),
                pid: None,
            }
            .into()),
        }
    }

    pub(super) fn session(&self) -> Result<Session, CliError> {
        let client = Client::connect(&socket_path(&self.home))?;
        let client = client.in_language(self.language);
        Ok(Session::of_running(client).settled())
    }

    pub(super) fn context(&self) -> Context {
        Context {
            home: self.home.clone(),
            language: self.language,
            json: false,
            key_file: self.key_file.clone(),
        }
    }
}

fn secret(typed: &Passphrase) -> SecretString {
    SecretString::from(typed.expose().to_owned())
}

/// What a resident calls a place, with its folder: `~` is the own folder, as in a shell.
pub(super) fn whole(path: &Path) -> Result<PathBuf, CliError> {
    let own = std::env::var_os("HOME").filter(|own| !own.is_empty());
    let path = match (path.strip_prefix("~"), own) {
        (Ok(rest), Some(own)) => PathBuf::from(own).join(rest),
        _ => path.to_owned(),
    };
    std::path::absolute(&path).map_err(|source| CliError::File { path, source })
}

/// Nothing that stands is replaced: it may be the only good backup. Where there is no folder, that is
/// said of the file that was named, not of its key file.
pub(super) fn free(path: &Path) -> Result<(), CliError> {
    let folder = path
        .parent()
        .map_or(Ok(()), |folder| folder.metadata().map(|_| ()));
    folder.map_err(|source| {
        HouseholdError::Write(WriteError::Unchanged {
            path: path.to_owned(),
            source,
        })
    })?;
    match path.symlink_metadata() {
        Ok(_) => Err(HouseholdError::InTheWay {
            path: path.to_owned(),
        }
        .into()),
        Err(_) => Ok(()),
    }
}
