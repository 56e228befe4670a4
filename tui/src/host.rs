//! What the front end lets others do: setting up a home, starting a node, playing the
//! demonstration. The program that opens the front end brings a [`Host`]; nothing here knows how
//! it works.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

use jiff::civil::Date;
use protocol::api::Refusal;
use protocol::id::DocumentId;
use zeroize::Zeroizing;

use crate::language::Language;

/// A passphrase: wiped from memory when it is dropped, and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes what was typed.
    pub fn new(typed: String) -> Self {
        Self(Zeroizing::new(typed))
    }

    /// Shows it to whoever opens the keystore.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Passphrase(…)")
    }
}

/// What opens a keystore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protection {
    /// A passphrase, asked for at every start.
    Passphrase(Passphrase),
    /// A key file beside the store: the node starts by itself.
    KeyFile,
}

/// What the home is like when the front end opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HomeState {
    /// Nothing is there: first run.
    Absent,
    /// A keystore that a passphrase opens.
    Locked,
    /// A node runs and listens on a socket.
    Running(PathBuf),
}

/// How a home is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHome {
    /// How it comes into a neighbourhood.
    pub way: Way,
    /// The household's name; empty for a further device, whose household has one.
    pub household: String,
    /// Its building.
    pub building: Option<String>,
    /// The language of the home.
    pub language: Language,
    /// What opens its keystore.
    pub protection: Protection,
}

/// The ways into a neighbourhood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Found one.
    Found {
        /// Its name.
        neighbourhood: String,
    },
    /// Join one.
    Join {
        /// The invitation: `linli1…`.
        invitation: String,
    },
    /// Become a further device of a household.
    Enrol {
        /// The code of another device: `linlidev1…`.
        code: String,
    },
}

/// As what an invitation or the code of another device lets somebody in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetsIn {
    /// As a household.
    Household,
    /// As a guest.
    Guest,
    /// As a further device of a household.
    Device {
        /// The household, by the first digits of its name: its code tells no more.
        household: String,
    },
}

/// Something that can be put on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    /// A document.
    Document(DocumentId),
    /// The requests that somebody may still answer, for the stairwell.
    Requests,
    /// Who has not acknowledged a notice.
    Outstanding(DocumentId),
    /// A day's digest, by the reader's calendar.
    Digest(Date),
}

/// How a sheet is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperFormat {
    /// Pages of A4.
    Pdf,
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
}

/// Something the host is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostOrder {
    /// Make the recovery words of a new household key, in a language. Nothing is written.
    Words(Language),
    /// Say what the text of an invitation or of another device's code is good for. Nothing is
    /// written.
    ReadInvitation(String),
    /// Read either from a file. Nothing is written.
    ReadInvitationFile(PathBuf),
    /// Make the home with the key whose words were made last, all or nothing, and start its node. A
    /// further device has a key of its own, and nothing is left of a home that is refused.
    Make(NewHome),
    /// Open the home with a passphrase and start its node.
    Unlock(Passphrase),
    /// Make a backup of the home in a file. A key file, where no passphrase is to open it, is put
    /// beside it. Nothing is left of a backup that is not whole.
    BackUp {
        /// The file.
        file: PathBuf,
        /// What is to open it.
        protection: Protection,
    },
    /// Check every byte of a backup and say what is inside. Nothing is written.
    CheckBackup {
        /// The file.
        file: PathBuf,
        /// What opens it.
        protection: Protection,
    },
    /// Write the household's recovery words on a sheet of paper.
    RecoverySheet {
        /// The file.
        file: PathBuf,
        /// The passphrase of the home, where it has one.
        passphrase: Option<Passphrase>,
    },
    /// Export everything into a folder, all or nothing.
    Export(PathBuf),
    /// Move out, once everything was exported into a folder: tell the neighbours, and remove the
    /// home.
    Leave(PathBuf),
    /// Put something on paper, in a file that is not there yet.
    Print {
        /// What.
        what: Printed,
        /// How.
        format: PaperFormat,
        /// The file.
        file: PathBuf,
    },
    /// Demonstration: act as another household.
    ActAs(usize),
    /// Demonstration: cut the network of the household acted as, or heal it.
    CutNetwork(bool),
}

/// What came of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostAnswer {
    /// Recovery words.
    Words(Vec<String>),
    /// What an invitation or the code of another device says of itself.
    Invitation {
        /// The text, without white space.
        text: String,
        /// The neighbourhood that it leads to.
        neighbourhood: String,
        /// When its maker will no longer take it, milliseconds since 1970.
        expires_ms: i64,
        /// As what it lets somebody in.
        lets_in: LetsIn,
    },
    /// A node listens on a socket.
    Running(PathBuf),
    /// A backup was made.
    BackedUp {
        /// The file, with its folder.
        file: String,
        /// How many bytes it has.
        bytes: u64,
        /// The key file that opens it, where no passphrase does.
        key_file: Option<String>,
    },
    /// A backup holds, to the last byte.
    BackupHolds(BackupInside),
    /// A recovery sheet was written into a file.
    SheetWritten(String),
    /// The passphrase of the home is needed.
    PassphraseNeeded,
    /// Everything was exported.
    Exported {
        /// The folder.
        folder: String,
        /// How many files there are.
        files: usize,
    },
    /// The household has moved out, and the home is gone.
    Left {
        /// The folder that everything was exported into.
        folder: String,
        /// Whether a neighbour or relay knows.
        held: bool,
    },
    /// A sheet was written into a file.
    Printed(String),
    /// Another household of the demonstration is acted as; its node listens on a socket.
    Acting {
        /// Which one.
        household: usize,
        /// The socket.
        socket: PathBuf,
        /// Whether its network is cut.
        cut: bool,
    },
    /// The network of the household acted as was cut or healed.
    Network {
        /// Whether it is cut.
        cut: bool,
    },
}

/// What is in a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupInside {
    /// The neighbourhood.
    pub neighbourhood: String,
    /// The household, by the first digits of its name.
    pub household: String,
    /// When it was made, milliseconds since 1970.
    pub made_ms: i64,
    /// How many entries there are.
    pub entries: u64,
    /// Of how many devices.
    pub devices: usize,
    /// How many drafts.
    pub drafts: usize,
    /// How many bytes.
    pub bytes: u64,
}

/// The households of a demonstration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Their names, in the order in which they take turns.
    pub households: Vec<String>,
    /// Which one is acted as.
    pub acting: usize,
}

/// A future that a host returns.
pub type HostFuture = Pin<Box<dyn Future<Output = Result<HostAnswer, Refusal>> + Send>>;

/// Carries out what the front end cannot.
pub trait Host: Send + Sync + 'static {
    /// What the home is like.
    fn home(&self) -> HomeState;

    /// The demonstration's households; none outside a demonstration.
    fn stage(&self) -> Option<Stage>;

    /// Carries out an order. A refusal says what happened and what to do next, in the language of
    /// the order.
    fn carry_out(&self, order: HostOrder, language: Language) -> HostFuture;
}
