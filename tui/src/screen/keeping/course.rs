//! The steps of a backup, of a recovery sheet, of moving out and of printing, and what each says and
//! asks for: the same on the screen and in the line mode. It draws nothing and asks nobody.

use jiff::Timestamp;
use protocol::api::Refusal;
use protocol::limits::NAME_BYTES_MAX;

use super::super::first_run::INVITATION_CHARS_MAX;
use super::super::unlock::PASSPHRASE_CHARS_MAX;
use crate::app::Context;
use crate::host::{
    BackupInside, HostAnswer, HostOrder, PaperFormat, Passphrase, Printed, Protection,
};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// A backup is made.
    BackUp,
    /// The recovery sheet is written.
    Sheet,
    /// The household moves out.
    Leave,
    /// Something is put on paper.
    Print(Printed),
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// How a sheet is written.
    Format,
    /// Where to: a file or a folder.
    Place,
    /// What opens the backup.
    Protection,
    /// The passphrase of the backup, twice.
    NewPassphrase,
    /// The passphrase of the home.
    Passphrase,
    /// The backup was made, and can be checked.
    Made,
    /// Everything was exported, and the household's name confirms that it moves out.
    Name,
    /// There is nothing more to do.
    Over,
}

/// Something to type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The name of the words that name it.
    label: &'static str,
    /// Whether it must not be shown.
    pub is_secret: bool,
    /// Unicode scalar values at most.
    pub chars_max: usize,
}

/// What an answer came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The next thing is said and asked for.
    Step,
    /// What was typed in this field does not do.
    Wrong(usize, String),
    /// The host has something to do.
    Order(HostOrder),
    /// It is over: back to where it began, with a remark.
    Close(Option<String>),
    /// The program ends: there is no home any more.
    Quit,
}

const PLACE: &[Asked] = &[asked("keeping-file", INVITATION_CHARS_MAX)];
const FOLDER: &[Asked] = &[asked("keeping-folder", INVITATION_CHARS_MAX)];
const NAME: &[Asked] = &[asked("leave-name-label", NAME_BYTES_MAX)];
const PASSPHRASE: &[Asked] = &[secret("unlock-label")];
const NEW_PASSPHRASE: &[Asked] = &[
    secret("first-passphrase-label"),
    secret("first-again-label"),
];

const fn asked(label: &'static str, chars_max: usize) -> Asked {
    Asked {
        label,
        is_secret: false,
        chars_max,
    }
}

const fn secret(label: &'static str) -> Asked {
    Asked {
        label,
        is_secret: true,
        chars_max: PASSPHRASE_CHARS_MAX,
    }
}

/// How far it has come.
#[derive(Debug)]
pub(crate) struct Course {
    keeping: Keeping,
    step: Step,
    format: PaperFormat,
    place: String,
    protection: Protection,
    /// What the host has told.
    told: Vec<String>,
}

impl Course {
    /// Begins.
    pub fn new(keeping: Keeping) -> Self {
        Self {
            keeping,
            step: match keeping {
                Keeping::Print(_) => Step::Format,
                Keeping::BackUp | Keeping::Sheet | Keeping::Leave => Step::Place,
            },
            format: PaperFormat::Pdf,
            place: String::new(),
            protection: Protection::KeyFile,
            told: Vec::new(),
        }
    }

    /// The name of the words of its title.
    pub const fn title(&self) -> &'static str {
        match self.keeping {
            Keeping::BackUp => "setting-backup",
            Keeping::Sheet => "setting-sheet",
            Keeping::Leave => "setting-leave",
            Keeping::Print(_) => "print-title",
        }
    }

    /// What the step says, a paragraph each.
    pub fn says(&self, context: &Context<'_>) -> Vec<String> {
        let words = context.words;
        let key = match (self.step, self.keeping) {
            (Step::Place, Keeping::BackUp) => "backup-place",
            (Step::Place, Keeping::Sheet) => "sheet-place",
            (Step::Place, Keeping::Leave) => "leave-place",
            (Step::Place, Keeping::Print(_)) => "print-place",
            (Step::Format, _) => "print-format",
            (Step::Protection, _) => "backup-protection",
            (Step::NewPassphrase, _) => "backup-passphrase",
            (Step::Passphrase, _) => "sheet-passphrase",
            (Step::Made | Step::Name | Step::Over, _) => return self.told.clone(),
        };
        vec![words.text(key)]
    }

    /// What there is to type.
    pub const fn asked(&self) -> &'static [Asked] {
        match (self.step, self.keeping) {
            (Step::Place, Keeping::Leave) => FOLDER,
            (Step::Place, _) => PLACE,
            (Step::NewPassphrase, _) => NEW_PASSPHRASE,
            (Step::Passphrase, _) => PASSPHRASE,
            (Step::Name, _) => NAME,
            (Step::Format | Step::Protection | Step::Made | Step::Over, _) => &[],
        }
    }

    /// What something to type is called.
    pub fn label(&self, asked: Asked, context: &Context<'_>) -> String {
        let example = self.example(context);
        let values = [("example", example.into())];
        context.words.with(asked.label, &values)
    }

    /// What may stand in the first field from the beginning.
    pub fn suggested(&self, context: &Context<'_>) -> String {
        match (self.step, self.place.is_empty()) {
            (Step::Place, true) => self.example(context),
            (Step::Place, false) => self.place.clone(),
            _ => String::new(),
        }
    }

    fn example(&self, context: &Context<'_>) -> String {
        let now = Timestamp::from_millisecond(context.clock.now_ms).unwrap_or_default();
        let date = context.clock.zone.to_datetime(now).date();
        match self.keeping {
            Keeping::BackUp => format!("~/linli-{date}.linlibak"),
            Keeping::Sheet => "~/linli-recovery.html".to_owned(),
            Keeping::Leave => format!("~/linli-{date}"),
            Keeping::Print(what) => {
                let ending = match self.format {
                    PaperFormat::Pdf => "pdf",
                    PaperFormat::Text => "txt",
                    PaperFormat::Markdown => "md",
                };
                let name = match what {
                    Printed::Document(id) => id.short(),
                    Printed::Requests => format!("requests-{date}"),
                    Printed::Outstanding(id) => format!("outstanding-{}", id.short()),
                    Printed::Digest(day) => day.to_string(),
                };
                format!("~/linli-{name}.{ending}")
            }
        }
    }

    /// What there is to choose from, by the names of words; nothing where something is typed.
    pub const fn choices(&self) -> &'static [&'static str] {
        match (self.step, self.keeping) {
            (Step::Format, _) => &["print-pdf", "print-text", "print-markdown"],
            (Step::Protection, _) => &["backup-with-passphrase", "backup-with-key-file"],
            (Step::Made, _) => &["backup-check", "keeping-close"],
            (Step::Over, Keeping::Leave) => &["leave-end"],
            (Step::Over, Keeping::Print(_)) => &["print-close"],
            (Step::Over, _) => &["keeping-close"],
            _ => &[],
        }
    }

    /// Takes a choice.
    pub fn choose(&mut self, place: usize, context: &Context<'_>) -> Next {
        match (self.step, place) {
            (Step::Format, place) => {
                self.format = match place {
                    0 => PaperFormat::Pdf,
                    1 => PaperFormat::Text,
                    _ => PaperFormat::Markdown,
                };
                // Another form has another ending.
                self.place.clear();
                self.go_to(Step::Place)
            }
            (Step::Protection, 0) => self.go_to(Step::NewPassphrase),
            (Step::Protection, _) => {
                self.protection = Protection::KeyFile;
                self.back_up()
            }
            (Step::Made, 0) => Next::Order(HostOrder::CheckBackup {
                file: self.place.clone().into(),
                protection: self.protection.clone(),
            }),
            _ => self.back(context),
        }
    }

    /// Takes what was typed into all fields.
    pub fn take(&mut self, typed: &[&str], context: &Context<'_>) -> Next {
        let words = context.words;
        let first = typed.first().copied().unwrap_or_default();
        match self.step {
            Step::Place => self.take_place(first.trim(), context),
            Step::NewPassphrase if first.is_empty() => {
                Next::Wrong(0, words.text("first-passphrase-missing"))
            }
            Step::NewPassphrase if typed.get(1) != Some(&first) => {
                Next::Wrong(1, words.text("first-passphrases-differ"))
            }
            Step::NewPassphrase => {
                self.protection = Protection::Passphrase(Passphrase::new(first.to_owned()));
                self.back_up()
            }
            Step::Passphrase if first.is_empty() => {
                Next::Wrong(0, words.text("first-passphrase-missing"))
            }
            Step::Passphrase => self.write_sheet(Some(Passphrase::new(first.to_owned()))),
            Step::Name if first.trim() == own_name(context) => {
                Next::Order(HostOrder::Leave(self.place.clone().into()))
            }
            Step::Name => Next::Wrong(0, words.text("leave-name-wrong")),
            Step::Format | Step::Protection | Step::Made | Step::Over => Next::Step,
        }
    }

    fn take_place(&mut self, place: &str, context: &Context<'_>) -> Next {
        if place.is_empty() {
            return Next::Wrong(0, context.words.text("keeping-place-missing"));
        }
        place.clone_into(&mut self.place);
        match self.keeping {
            Keeping::BackUp => self.go_to(Step::Protection),
            Keeping::Sheet => self.write_sheet(None),
            Keeping::Leave => Next::Order(HostOrder::Export(place.into())),
            Keeping::Print(what) => Next::Order(HostOrder::Print {
                what,
                format: self.format,
                file: place.into(),
            }),
        }
    }

    fn go_to(&mut self, step: Step) -> Next {
        self.step = step;
        Next::Step
    }

    fn back_up(&self) -> Next {
        Next::Order(HostOrder::BackUp {
            file: self.place.clone().into(),
            protection: self.protection.clone(),
        })
    }

    fn write_sheet(&self, passphrase: Option<Passphrase>) -> Next {
        Next::Order(HostOrder::RecoverySheet {
            file: self.place.clone().into(),
            passphrase,
        })
    }

    /// Goes one step back, or out of it.
    pub fn back(&mut self, context: &Context<'_>) -> Next {
        match (self.step, self.keeping) {
            (Step::Place, Keeping::Print(_)) => self.go_to(Step::Format),
            (Step::Protection | Step::Passphrase, _) => self.go_to(Step::Place),
            (Step::NewPassphrase, _) => self.go_to(Step::Protection),
            (Step::Name, _) => Next::Close(Some(context.words.text("leave-kept"))),
            (Step::Over, Keeping::Leave) => Next::Quit,
            (Step::Format | Step::Place | Step::Made | Step::Over, _) => Next::Close(None),
        }
    }

    /// Takes what came of an order: what was refused is said, and can be typed anew.
    ///
    /// # Errors
    ///
    /// What the host refused with.
    pub fn hosted(
        &mut self,
        outcome: &Result<HostAnswer, Refusal>,
        context: &Context<'_>,
    ) -> Result<(), String> {
        match outcome {
            Ok(answer) => {
                self.take_answer(answer, context);
                Ok(())
            }
            Err(refusal) => {
                self.step = match self.step {
                    // Another passphrase may do; whatever else is wrong, another place may.
                    Step::Passphrase if refusal.code != "keystore" => Step::Place,
                    Step::Protection | Step::NewPassphrase => Step::Place,
                    step => step,
                };
                Err(refusal.message.clone())
            }
        }
    }

    fn take_answer(&mut self, answer: &HostAnswer, context: &Context<'_>) {
        let words = context.words;
        let told = |key: &str, name: &str, value: &str| words.with(key, &[(name, value.into())]);
        (self.step, self.told) = match answer {
            HostAnswer::BackedUp {
                file,
                bytes,
                key_file,
            } => {
                let values = [
                    ("file", file.into()),
                    ("kilobytes", bytes.div_ceil(1_000).into()),
                ];
                let mut lines = vec![words.with("backup-made", &values)];
                lines.extend(key_file.iter().map(|key| told("backup-key", "file", key)));
                lines.push(words.text("backup-left-out"));
                (Step::Made, lines)
            }
            HostAnswer::BackupHolds(inside) => (Step::Over, vec![inside_text(inside, context)]),
            HostAnswer::SheetWritten(file) => {
                (Step::Over, vec![told("sheet-written", "file", file)])
            }
            HostAnswer::Printed(file) => (Step::Over, vec![told("printed", "file", file)]),
            HostAnswer::PassphraseNeeded => (Step::Passphrase, Vec::new()),
            HostAnswer::Exported { folder, files } => {
                (Step::Name, leaving(folder, *files, context))
            }
            HostAnswer::Left { folder, held } => {
                let key = if *held { "left-held" } else { "left-unheld" };
                (Step::Over, vec![told(key, "folder", folder)])
            }
            _ => return,
        };
    }
}

/// What moving out comes to, once everything was exported.
fn leaving(folder: &str, files: usize, context: &Context<'_>) -> Vec<String> {
    let words = context.words;
    let exported = [
        ("folder", folder.into()),
        ("files", files.into()),
        ("name", own_name(context).into()),
    ];
    let mut lines = vec![
        words.with("leave-exported", &exported),
        words.text("leave-stays"),
        words.text("leave-means"),
    ];
    let status = context.known.status.as_ref();
    let me = status.and_then(|status| status.me.as_ref());
    if me.is_some_and(|me| me.founder) {
        lines.push(words.text("leave-founder"));
    }
    lines
}

fn inside_text(inside: &BackupInside, context: &Context<'_>) -> String {
    let when = context.clock.past(context.words, inside.made_ms);
    let values = [
        ("neighbourhood", (&inside.neighbourhood).into()),
        ("household", (&inside.household).into()),
        ("moment", when.into()),
        ("entries", inside.entries.into()),
        ("devices", inside.devices.into()),
        ("drafts", inside.drafts.into()),
    ];
    context.words.with("backup-holds", &values)
}

/// The own household's name, as it is shown everywhere.
fn own_name<'c>(context: &'c Context<'_>) -> &'c str {
    let status = context.known.status.as_ref();
    let member = status.and_then(|status| status.member.as_ref());
    member.map_or("", |member| member.name.trim())
}
