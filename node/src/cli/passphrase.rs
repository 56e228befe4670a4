//! What opens a keystore: the passphrase or key file, from where a person or a machine gives it.

use std::io::{IsTerminal, Write};
use std::os::fd::AsFd;

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::Context;
use super::error::CliError;
use super::household::HouseholdError;
use super::say::{self, Household, Message};
use crate::setup::{HomeState, Lock, Unlock, inspect};

/// The variable that answers the prompt.
pub const VARIABLE: &str = "LINLI_PASSPHRASE";

/// The variable that answers the prompt for a backup, before the other one.
const BACKUP_VARIABLE: &str = "LINLI_BACKUP_PASSPHRASE";

/// Bytes of a passphrase at most.
const PASSPHRASE_BYTES_MAX: usize = 1_024;

/// Asks what is to open a keystore that is about to be made. An empty passphrase means a key file.
///
/// # Errors
///
/// [`CliError`] when the passphrases typed differ.
pub fn for_a_new_home(context: &Context) -> Result<Unlock, CliError> {
    if let Some(unlock) = given(context) {
        return Ok(unlock);
    }
    if !can_ask() {
        context.remark(Message::KeyFileChosen);
        return Ok(Unlock::KeyFile(None));
    }
    let passphrase = ask(&say::text(context.language, Message::NewPassphrase))?;
    if passphrase.expose_secret().is_empty() {
        context.remark(Message::KeyFileChosen);
        return Ok(Unlock::KeyFile(None));
    }
    let again = ask(&say::text(context.language, Message::PassphraseAgain))?;
    if again.expose_secret() != passphrase.expose_secret() {
        return Err(CliError::PassphrasesDiffer);
    }
    Ok(Unlock::Passphrase(passphrase))
}

/// Finds or asks for what opens the home's keystore.
///
/// # Errors
///
/// [`CliError::PassphraseNeeded`] when nobody can be asked, [`CliError::NoHome`] when there is
/// nothing to open.
pub fn for_the_home(context: &Context) -> Result<Unlock, CliError> {
    let HomeState::Present { lock, .. } = inspect(&context.home)? else {
        return Err(CliError::NoHome {
            home: context.home.clone(),
        });
    };
    match lock {
        Lock::KeyFile => Ok(Unlock::KeyFile(context.key_file.clone())),
        Lock::Passphrase => match given(context) {
            Some(unlock @ Unlock::Passphrase(_)) => Ok(unlock),
            _ if can_ask() => {
                let question = say::text(context.language, Message::Passphrase);
                Ok(Unlock::Passphrase(ask(&question)?))
            }
            _ => Err(CliError::PassphraseNeeded),
        },
    }
}

/// Asks what is to open a backup that is about to be made. None means a key file.
///
/// # Errors
///
/// [`CliError`] when the passphrases typed differ.
pub fn for_a_new_backup(context: &Context) -> Result<Option<SecretString>, CliError> {
    if let Some(passphrase) = given_for_a_backup() {
        return Ok(Some(passphrase));
    }
    if !can_ask() {
        return Ok(None);
    }
    let said = |said: Household<'_>| say::text(context.language, said.into());
    let passphrase = ask(&said(Household::NewBackupPassphrase))?;
    if passphrase.expose_secret().is_empty() {
        return Ok(None);
    }
    let again = ask(&say::text(context.language, Message::PassphraseAgain))?;
    if again.expose_secret() != passphrase.expose_secret() {
        return Err(CliError::PassphrasesDiffer);
    }
    Ok(Some(passphrase))
}

/// Finds or asks for the passphrase of a backup.
///
/// # Errors
///
/// [`HouseholdError::PassphraseNeeded`] when nobody can be asked.
pub fn for_a_backup(context: &Context) -> Result<SecretString, CliError> {
    match given_for_a_backup() {
        Some(passphrase) => Ok(passphrase),
        None if can_ask() => {
            let question = say::text(context.language, Household::BackupPassphrase.into());
            ask(&question)
        }
        None => Err(HouseholdError::PassphraseNeeded.into()),
    }
}

fn given_for_a_backup() -> Option<SecretString> {
    let mut variables = [BACKUP_VARIABLE, VARIABLE].iter();
    variables.find_map(|name| {
        let passphrase = std::env::var(name).ok()?;
        (!passphrase.is_empty()).then(|| SecretString::from(passphrase))
    })
}

/// The stable word for what opens a keystore.
pub const fn word(unlock: &Unlock) -> &'static str {
    match unlock {
        Unlock::Passphrase(_) => "passphrase",
        Unlock::KeyFile(_) => "key-file",
    }
}

/// Returns what opens a keystore where nobody has to be asked: a named key file, or the variable.
pub fn given(context: &Context) -> Option<Unlock> {
    if let Some(path) = &context.key_file {
        return Some(Unlock::KeyFile(Some(path.clone())));
    }
    let passphrase = std::env::var(VARIABLE).ok()?;
    if passphrase.is_empty() {
        return None;
    }
    Some(Unlock::Passphrase(SecretString::from(passphrase)))
}

fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks on the terminal without showing what is typed.
fn ask(question: &str) -> Result<SecretString, CliError> {
    let mut terminal = std::io::stderr().lock();
    let shown = terminal
        .write_all(question.as_bytes())
        .and_then(|()| terminal.flush());
    shown.map_err(CliError::Machine)?;
    let silence = Silence::begin().map_err(CliError::Machine)?;
    let typed = read_line();
    drop(silence);
    let _shown = terminal.write_all(b"\n");
    typed
}

/// A terminal that shows nothing and sends no signals, until it is dropped.
struct Silence {
    before: Termios,
}

impl Silence {
    fn begin() -> Result<Self, std::io::Error> {
        let stdin = std::io::stdin();
        let before = rustix::termios::tcgetattr(stdin.as_fd())?;
        let mut silent = before.clone();
        // Signals are read as characters, so that breaking off leaves no silent terminal behind.
        silent
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        rustix::termios::tcsetattr(stdin.as_fd(), OptionalActions::Flush, &silent)?;
        Ok(Self { before })
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        let stdin = std::io::stdin();
        let _unrestored =
            rustix::termios::tcsetattr(stdin.as_fd(), OptionalActions::Flush, &self.before);
    }
}

fn read_line() -> Result<SecretString, CliError> {
    let mut line = Line::default();
    loop {
        let mut byte = [0];
        let stdin = std::io::stdin();
        match rustix::io::read(stdin.as_fd(), &mut byte) {
            Ok(0) => return Err(CliError::BrokenOff),
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(CliError::Machine(error.into())),
        }
        match line.take(byte[0]) {
            Typed::More => {}
            Typed::Done => return line.into_secret(),
            Typed::BrokenOff => return Err(CliError::BrokenOff),
        }
    }
}

/// What a key did.
#[derive(Debug, PartialEq, Eq)]
enum Typed {
    More,
    Done,
    BrokenOff,
}

/// A line while it is typed.
#[derive(Default)]
struct Line {
    bytes: Zeroizing<Vec<u8>>,
}

impl Line {
    fn take(&mut self, byte: u8) -> Typed {
        match byte {
            b'\r' | b'\n' => return Typed::Done,
            // Ctrl-C, Ctrl-\; Ctrl-D only where nothing was typed.
            0x03 | 0x1C => return Typed::BrokenOff,
            0x04 if self.bytes.is_empty() => return Typed::BrokenOff,
            0x04 => {}
            // Backspace takes a whole character away.
            0x08 | 0x7F => while self.bytes.pop().is_some_and(|byte| byte & 0xC0 == 0x80) {},
            // Ctrl-U.
            0x15 => self.bytes.clear(),
            byte if self.bytes.len() < PASSPHRASE_BYTES_MAX => self.bytes.push(byte),
            _ => {}
        }
        Typed::More
    }

    fn into_secret(self) -> Result<SecretString, CliError> {
        let text = std::str::from_utf8(&self.bytes);
        let text = text.map_err(|_| CliError::NotText {
            source_name: "-".to_owned(),
        })?;
        Ok(SecretString::from(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(bytes: &[u8]) -> (Typed, Vec<u8>) {
        let mut line = Line::default();
        for byte in bytes {
            let did = line.take(*byte);
            if did != Typed::More {
                return (did, line.bytes.to_vec());
            }
        }
        (Typed::More, line.bytes.to_vec())
    }

    #[test]
    fn a_line_is_edited_by_characters() {
        let cases: [(&str, Typed, &str); 6] = [
            ("abc\r", Typed::Done, "abc"),
            ("梧桐\u{7f}里\n", Typed::Done, "梧里"),
            ("a\u{7f}\u{7f}\u{8}b\n", Typed::Done, "b"),
            ("secret\u{15}x\n", Typed::Done, "x"),
            ("abc\u{3}", Typed::BrokenOff, "abc"),
            ("\u{4}", Typed::BrokenOff, ""),
        ];
        for (keys, did, line) in cases {
            let (found, bytes) = typed(keys.as_bytes());
            assert_eq!((found, bytes), (did, line.as_bytes().to_vec()), "{keys:?}");
        }
        let endless = vec![b'x'; 10_000];
        assert_eq!(typed(&endless).1.len(), PASSPHRASE_BYTES_MAX);
    }
}
