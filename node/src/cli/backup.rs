//! `linli backup`: makes, checks and restores backups, and writes the recovery sheet.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::{Args as ClapArgs, Subcommand};
use protocol::api::{Answer, BackupLock, Confidential, Request};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::error::CliError;
use super::household::HouseholdError;
use super::output::Output;
use super::say::{BackupTold, Household};
use super::session::Session;
use super::{Context, passphrase, plain, session, sheet};
use crate::backup::{self, Contents, FILE_BYTES_MAX, Inside, Lock, MAGIC, OpenError, Opener};
use crate::durable_file;
use crate::keystore::{self, KeyError, KeyFileError, Seed};
use crate::setup::{self, HomeState, SetupError};

/// Options of `backup`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

/// What is done with backups.
#[derive(Debug, Subcommand)]
enum Action {
    /// Writes everything that this node keeps, but the device's key, into one encrypted file
    Create {
        /// The file; a former backup there is replaced
        file: PathBuf,
        /// The key file that is to open it, instead of a passphrase
        #[arg(long, value_name = "FILE")]
        with_key: Option<PathBuf>,
    },
    /// Checks every byte, hash and signature of a backup, and says what is inside
    Verify {
        /// The file
        file: PathBuf,
        /// The key file that opens it
        #[arg(long, value_name = "FILE")]
        with_key: Option<PathBuf>,
    },
    /// Makes a home of a backup: a new device of its household
    Restore {
        /// The file
        file: PathBuf,
        /// The key file that opens it
        #[arg(long, value_name = "FILE")]
        with_key: Option<PathBuf>,
        /// Only checks it and says what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// Writes the household's recovery words on a sheet of A4, for paper
    Sheet {
        /// The file: svg, html or txt
        file: PathBuf,
    },
}

/// Runs the command.
pub async fn run(args: Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    match args.action {
        Action::Create { file, with_key } => create(&file, with_key, context, output).await,
        Action::Verify { file, with_key } => verify(&file, with_key, context, output),
        Action::Restore {
            file,
            with_key,
            dry_run,
        } => restore(&file, with_key, dry_run, context, output).await,
        Action::Sheet { file } => sheet::run(&file, context, output).await,
    }
}

/// What is to open a backup that is being made.
pub(super) enum NewLock {
    /// A passphrase.
    Passphrase(SecretString),
    /// A key file, which is made where there is none.
    KeyFile(PathBuf),
}

/// A backup that was made.
pub(super) struct Made {
    /// How many bytes it has.
    pub bytes: usize,
    /// The key file that opens it.
    pub key_file: Option<PathBuf>,
}

async fn create(
    file: &Path,
    with_key: Option<PathBuf>,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    may_stand(file)?;
    let passphrase = match &with_key {
        Some(_) => None,
        None => passphrase::for_a_new_backup(context)?,
    };
    let lock = match passphrase {
        Some(passphrase) => NewLock::Passphrase(passphrase),
        None => NewLock::KeyFile(with_key.unwrap_or_else(|| key_beside(file))),
    };
    let made = session::with(context, async |session| make(session, file, lock).await).await?;
    let key = made.key_file;
    if context.json {
        return output.json(&json!({
            "file": file,
            "bytes": made.bytes,
            "locked_with": if key.is_some() { "key-file" } else { "passphrase" },
            "key_file": key,
        }));
    }
    let told = Household::BackupMade {
        file: &shown(file),
        bytes: made.bytes as u64,
    };
    output.line(context.text(told.into()))?;
    if let Some(path) = key {
        let path = &shown(&path);
        context.remark(Household::BackupKey { path }.into());
    }
    Ok(())
}

/// Has the node make a backup and writes it into a file. If that fails, no key file is left that was
/// made for it.
pub(super) async fn make(session: &Session, file: &Path, lock: NewLock) -> Result<Made, CliError> {
    may_stand(file)?;
    let (lock, key_file, is_new) = match lock {
        NewLock::Passphrase(passphrase) => {
            let passphrase = passphrase.expose_secret().to_owned();
            let lock = BackupLock::Passphrase(Confidential::new(passphrase));
            (lock, None, false)
        }
        NewLock::KeyFile(path) => {
            let keystore = |error| CliError::from(SetupError::Keystore(Box::new(error)));
            let is_new = match keystore::make_key_file(&path) {
                Ok(()) => true,
                Err(KeyFileError::Exists { .. }) => false,
                Err(KeyFileError::Write(error)) => return Err(HouseholdError::Write(error).into()),
                Err(error) => return Err(SetupError::Keystore(Box::new(error)).into()),
            };
            let key = read_key(&path).map_err(keystore)?;
            let digits = key.expose().iter().map(|byte| format!("{byte:02x}"));
            let lock = BackupLock::Key(Confidential::new(digits.collect::<String>()));
            (lock, Some(path), is_new)
        }
    };
    match write(session, file, lock).await {
        Ok(bytes) => Ok(Made { bytes, key_file }),
        Err(error) => {
            if let Some(path) = key_file.filter(|_| is_new) {
                let _not_there = durable_file::remove(&path);
            }
            Err(error)
        }
    }
}

async fn write(session: &Session, file: &Path, lock: BackupLock) -> Result<usize, CliError> {
    let Answer::Backup { base64 } = session.call(Request::Backup { lock }).await? else {
        return Err(CliError::OtherAnswer);
    };
    let bytes = STANDARD.decode(base64);
    let bytes = bytes.map_err(|_| CliError::OtherAnswer)?;
    durable_file::write(file, &bytes).map_err(HouseholdError::Write)?;
    Ok(bytes.len())
}

fn verify(
    file: &Path,
    with_key: Option<PathBuf>,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    let opened = open_with(file, with_key, context)?;
    if context.json {
        return output.json(&opened.told());
    }
    opened.tell(context, output)
}

async fn restore(
    file: &Path,
    with_key: Option<PathBuf>,
    dry_run: bool,
    context: &Context,
    output: &mut Output,
) -> Result<(), CliError> {
    if let HomeState::Present { .. } = setup::inspect(&context.home)? {
        let home = context.home.clone();
        return Err(SetupError::Exists { home }.into());
    }
    let opened = open_with(file, with_key, context)?;
    let mut told = opened.told();
    let home = &shown(&context.home);
    if dry_run {
        if context.json {
            told["home"] = json!(context.home);
            told["dry_run"] = json!(true);
            return output.json(&told);
        }
        opened.tell(context, output)?;
        return output.line(context.text(Household::WouldRestore { home }.into()));
    }
    let unlock = passphrase::for_a_new_home(context)?;
    let (path, keystore) = (context.home.clone(), passphrase::word(&unlock));
    let former = opened.contents.device;
    let restored = tokio::task::spawn_blocking(move || {
        let founding = &opened.inside.founding;
        setup::restore(&path, &opened.contents, founding, &unlock)
    });
    let restored = restored.await.expect("restoring does not panic")?;
    if context.json {
        told["home"] = json!(context.home);
        told["dry_run"] = json!(false);
        told["device"] = json!(restored.device);
        told["keystore"] = json!(keystore);
        return output.json(&told);
    }
    let said = Household::Restored {
        device: &restored.device.short(),
        former: &former.short(),
    };
    output.line(context.text(said.into()))
}

/// A backup that opens and holds.
pub(super) struct Opened {
    /// What is in it.
    pub contents: Contents,
    /// What was found when it was checked.
    pub inside: Inside,
    /// How many bytes the file has.
    pub bytes: usize,
}

impl Opened {
    fn told(&self) -> serde_json::Value {
        json!({
            "ok": true,
            "neighbourhood": plain::line(&self.inside.neighbourhood),
            "space": self.contents.space,
            "member": self.inside.member,
            "made_ms": self.contents.made_ms,
            "made_by": self.contents.device,
            "entries": self.inside.entries,
            "devices": self.inside.devices,
            "drafts": self.contents.drafts.len(),
            "peers": self.contents.peers.len(),
            "bytes": self.bytes,
        })
    }

    fn tell(&self, context: &Context, output: &mut Output) -> Result<(), CliError> {
        let told = BackupTold {
            neighbourhood: plain::line(&self.inside.neighbourhood),
            member: self.inside.member.short(),
            made: plain::time(self.contents.made_ms),
            entries: self.inside.entries,
            devices: self.inside.devices,
            drafts: self.contents.drafts.len(),
            bytes: self.bytes as u64,
        };
        output.line(context.text(Household::BackupInside(&told).into()))
    }
}

/// Opens a backup with what the resident has, and checks all of it.
fn open_with(
    path: &Path,
    with_key: Option<PathBuf>,
    context: &Context,
) -> Result<Opened, CliError> {
    open(path, |opener| match opener {
        Opener::Passphrase => Ok(Lock::Passphrase(passphrase::for_a_backup(context)?)),
        Opener::Key => {
            let key = with_key.unwrap_or_else(|| key_beside(path));
            key_lock(path, &key)
        }
    })
}

/// Opens a backup with what is found for its lock, and checks all of it.
pub(super) fn open(
    path: &Path,
    lock: impl FnOnce(Opener) -> Result<Lock, CliError>,
) -> Result<Opened, CliError> {
    let failed = |source| HouseholdError::Backup {
        path: path.to_owned(),
        source,
    };
    let invalid = |source| HouseholdError::Contents {
        path: path.to_owned(),
        source,
    };
    let file = read(path)?;
    let lock = lock(backup::opener(&file).map_err(failed)?)?;
    let plain = backup::open(&lock, &file).map_err(failed)?;
    let contents = Contents::from_bytes(&plain).map_err(invalid)?;
    let inside = contents.check().map_err(invalid)?;
    Ok(Opened {
        contents,
        inside,
        bytes: file.len(),
    })
}

/// The key of a file, for the backup at a path.
pub(super) fn key_lock(path: &Path, key: &Path) -> Result<Lock, CliError> {
    let key = read_key(key).map_err(|error| HouseholdError::Backup {
        path: path.to_owned(),
        source: OpenError::Key(error),
    })?;
    Ok(Lock::Key(key))
}

fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    let failed = |source| CliError::File {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(failed)?;
    let mut file = file.take(FILE_BYTES_MAX as u64 + 1);
    file.read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > FILE_BYTES_MAX {
        return Err(CliError::TooLarge {
            source_name: shown(path),
            bytes_max: FILE_BYTES_MAX,
        });
    }
    Ok(bytes)
}

/// The key file of a backup for which none was named.
pub(super) fn key_beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".key");
    name.into()
}

fn read_key(path: &Path) -> Result<Seed, KeyError> {
    let bytes = keystore::read_key_file(path)?;
    Ok(Seed::take(&mut blake3::hash(&bytes).into()))
}

/// Only a former backup is replaced.
fn may_stand(path: &Path) -> Result<(), CliError> {
    let Ok(metadata) = path.symlink_metadata() else {
        return Ok(());
    };
    let mut magic = [0; MAGIC.len()];
    let is_backup = metadata.is_file()
        && fs::File::open(path)
            .is_ok_and(|mut file| file.read_exact(&mut magic).is_ok() && magic == *MAGIC);
    match is_backup {
        true => Ok(()),
        false => Err(HouseholdError::InTheWay {
            path: path.to_owned(),
        }
        .into()),
    }
}

pub(super) fn shown(path: &Path) -> String {
    plain::line(&path.to_string_lossy())
}
