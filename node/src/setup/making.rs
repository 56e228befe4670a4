//! A home under way: what is there is taken away again unless it is finished.
//!
//! From before the store is made until the keystore stands, a mark says that the home is
//! unfinished; the keystore is written into the mark, which then gets the keystore's name. So a
//! power cut leaves either a marked home, which the next attempt clears, or a whole one. A store
//! with neither mark nor keystore was whole once, and is never touched.

use std::path::{Path, PathBuf};

use tui::language::Language;

use super::{SetupError, Unlock, file_error, home_error, is_abandoned, lock_error, open_store};
use crate::durable_file::{self, WriteError};
use crate::home::{Home, HomeLock};
use crate::keystore::{Keystore, Secrets, Seed};
use crate::settings::Settings;
use crate::store::Store;

/// A home under way: what is there is taken away again unless it is finished.
pub(super) struct Making {
    home: Home,
    lock: HomeLock,
    made_folder: bool,
    /// Files that lay in the folder before and were not begun by any attempt: they stay.
    kept: Vec<PathBuf>,
    finished: bool,
}

impl Making {
    pub(super) fn begin(path: &Path) -> Result<Self, SetupError> {
        let made_folder = !path.exists();
        let home = Home::create(path).map_err(home_error)?;
        let lock = match home.lock() {
            Ok(lock) => lock,
            Err(error) => {
                if made_folder {
                    remove_folder(&home);
                }
                return Err(lock_error(error));
            }
        };
        if home.keystore().symlink_metadata().is_ok() {
            return Err(match home.holds_store() {
                true => SetupError::Exists {
                    home: path.to_owned(),
                },
                false => SetupError::StoreMissing {
                    home: path.to_owned(),
                },
            });
        }
        if is_abandoned(&home) {
            return Err(SetupError::KeystoreMissing {
                home: path.to_owned(),
            });
        }
        let unfinished = home.unfinished_mark().exists();
        let beside = [home.settings(), home.device_key()];
        let kept = beside
            .into_iter()
            .filter(|path| !unfinished && path.exists());
        let making = Self {
            kept: kept.collect(),
            home,
            lock,
            made_folder,
            finished: false,
        };
        unmake(&making.home, &making.kept)?;
        Ok(making)
    }

    pub(super) fn store(&self, key: &Seed) -> Result<Store, SetupError> {
        open_store(&self.home, key)
    }

    pub(super) fn finish(
        self,
        unlock: &Unlock,
        secrets: &Secrets,
        language: Language,
        relay: bool,
    ) -> Result<(), SetupError> {
        let mut settings = Settings {
            relay,
            ..Settings::default()
        };
        settings.front_end.language = language;
        self.finish_with(unlock, secrets, &settings)
    }

    pub(super) fn finish_with(
        mut self,
        unlock: &Unlock,
        secrets: &Secrets,
        settings: &Settings,
    ) -> Result<(), SetupError> {
        settings
            .write(&self.home)
            .map_err(|error| SetupError::Store(Box::new(error)))?;
        Keystore::create(&self.lock, &unlock.for_new_keystore(), secrets)
            .map_err(|error| SetupError::Keystore(Box::new(error)))?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        // What cannot be removed stays behind the mark, and the next attempt meets it again.
        if unmake(&self.home, &self.kept).is_ok() {
            let _next_time = durable_file::remove(&self.home.unfinished_mark());
        }
        if self.made_folder {
            remove_folder(&self.home);
        } else {
            let _not_there = std::fs::remove_file(self.home.lock_file());
            let _not_empty = std::fs::remove_dir(self.home.run_folder());
        }
    }
}

/// Marks the home as unfinished, whose keystore goes at that moment, and removes what setting up
/// puts into it but for what is kept. The mark stays.
pub(super) fn unmake(home: &Home, kept: &[PathBuf]) -> Result<(), SetupError> {
    let (keystore, place) = (home.keystore(), home.unfinished_mark());
    if keystore.symlink_metadata().is_ok() {
        durable_file::rename(&keystore, &place).map_err(|source| file_error(keystore, source))?;
    }
    mark(home)?;
    let files = [home.device_key()].into_iter();
    let files = files.chain(home.store_files()).chain([home.settings()]);
    for file in files.filter(|file| !kept.contains(file)) {
        durable_file::remove(&file).map_err(|source| file_error(file, source))?;
    }
    Ok(())
}

/// Writes the mark, which holds nothing.
fn mark(home: &Home) -> Result<(), SetupError> {
    durable_file::write(&home.unfinished_mark(), &[]).map_err(|error| match error {
        WriteError::Unchanged { path, source } | WriteError::NotDurable { path, source } => {
            file_error(path, source)
        }
    })
}

/// Removes a home's folder that nothing was put into.
fn remove_folder(home: &Home) {
    let _not_there = std::fs::remove_file(home.lock_file());
    let _not_empty = std::fs::remove_dir(home.run_folder());
    let _not_empty = std::fs::remove_dir(home.path());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever moment the power fails at, a store without a keystore has the mark.
    #[test]
    fn the_mark_is_there_before_the_store_and_becomes_the_keystore() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("home");
        let home = Home::create(&path).expect("a home");
        let (mark, keystore) = (home.unfinished_mark(), home.keystore());
        let making = Making::begin(&path).expect("begun");
        assert!(mark.exists() && !home.holds_store());
        let key = Seed::random().expect("random bytes");
        drop(making.store(&key).expect("a store"));
        assert!(mark.exists() && home.holds_store());
        let secrets = Secrets::of_device(Seed::random().expect("random bytes"));
        making
            .finish(&Unlock::KeyFile(None), &secrets, Language::English, false)
            .expect("finished");
        assert!(!mark.exists() && keystore.exists() && home.holds_store());
        unmake(&home, &[]).expect("unmade");
        assert!(mark.exists() && !keystore.exists() && !home.holds_store());
        assert_eq!(
            std::fs::read(&mark).expect("the mark"),
            b"",
            "no keys in it"
        );
    }
}
