//! What the command line says in English.

use std::path::Path;

use protocol::api::{Completeness, Delivery, Refusal, Status};
use protocol::invitation::InvitationError;
use protocol::words::WordsError;
use tui::client::ClientError;

use super::{Message, governing, helping, household, moderating, names, node_words, why};
use crate::cli::agreement::Unwritten;
use crate::cli::error::CliError;
use crate::cli::language::Language;
use crate::cli::plain;
use crate::refusal;
use crate::running::{EndError, StartError};
use crate::setup::SetupError;

const ENGLISH: Language = Language::English;

/// Returns a message.
pub fn text(message: Message<'_>) -> String {
    match message {
        Message::Founded { neighbourhood } => format!("“{neighbourhood}” is founded."),
        Message::AfterFounding => "Next:\n  linli post request --title \"…\" --body \"…\"\n  linli invite --uses 1 --expires 7d\n  linli node".to_owned(),
        Message::WordsFollow => "These are the household's recovery words. Write them on paper: they are shown only now and kept nowhere. Who has them is the household.".to_owned(),
        Message::JoinPrepared { neighbourhood } => format!("Joining “{neighbourhood}”."),
        Message::Admitted { neighbourhood } => format!("“{neighbourhood}” has let you in. Next: linli node"),
        Message::AlreadyMember { neighbourhood } => format!("This home is a member of “{neighbourhood}” already; nothing was changed. Next: linli node"),
        Message::Invited { uses, expires } => format!("For {uses} use(s), until {expires}. Who has it may join: give it to nobody else. Keep linli node running until they have joined."),
        Message::NodeRuns { neighbourhood, pending: false } => format!("The node of “{neighbourhood}” runs."),
        Message::NodeRuns { pending: true, .. } => "The node runs; it waits for its inviter to let it in.".to_owned(),
        Message::Unserved(refusal) => node_words(refusal),
        Message::SettingStage => "Setting up a neighbourhood to try things on: four households and a relay, all on this machine, gone when you leave…".to_owned(),
        Message::StageStands { neighbourhood } => format!("“{neighbourhood}” is running; Ctrl-C ends and removes it. In another terminal you may run:"),
        Message::Stopping => "The node stops.".to_owned(),
        Message::Written { id } => format!("Saved here: {id}"),
        Message::NotForYou => "(sealed: not for your household)".to_owned(),
        Message::Readers { readers: [] } => "No other household can read it.".to_owned(),
        Message::Readers { readers } => format!("Households that can read it too: {}. What they read cannot be taken back.", readers.join(", ")),
        Message::ContactNotWritten { id } => format!("It was posted ({id}), but its contact was not sealed. Try again: linli details {id} --set \"…\""),
        Message::NothingFound => "Nothing yet.".to_owned(),
        Message::KindAndState { kind, state } => match state {
            Some(state) => format!("{}, {}", names::kind(ENGLISH, kind), names::state(ENGLISH, kind, state)),
            None => names::kind(ENGLISH, kind),
        },
        Message::Completeness(completeness) => match completeness {
            Completeness::Complete => "",
            Completeness::Incomplete => " [incomplete: parts are still on their way]",
            Completeness::Erased => " [erased]",
            Completeness::ReadOnly => " [read only: it needs a newer version of linli]",
        }
        .to_owned(),
        Message::TimeAhead => "The author's clock is ahead of this one.".to_owned(),
        Message::Delivery(delivery) => delivery_line(delivery),
        Message::Conflict { field, values } => format!("{field} was set by several at once: {}", values.join(" | ")),
        Message::Labelled { name, value } => format!("{name}: {value}").trim_end().to_owned(),
        Message::ChangeExcluded => " [does not count]".to_owned(),
        Message::Unread { unread } => format!("Noted. Unread: {unread}"),
        Message::Comments => "Comments".to_owned(),
        Message::Relay { cut: false } => "relay".to_owned(),
        Message::Relay { cut: true } => "relay, cut".to_owned(),
        Message::MemberKind { kind, removed: false } => names::member(ENGLISH, kind),
        Message::MemberKind { kind, removed: true } => format!("{}, removed", names::member(ENGLISH, kind)),
        Message::Role { role, of, appointment, by } => {
            let (name, given) = (names::role(ENGLISH, role), governing::given(ENGLISH, by));
            match of {
                Some(of) => format!("{name} of {} ({appointment}){given}", plain::line(of)),
                None => format!("{name} ({appointment}){given}"),
            }
        }
        Message::Governing(said) => governing::text(ENGLISH, said),
        Message::Moderating(said) => moderating::text(ENGLISH, said),
        Message::Helping(said) => helping::text(ENGLISH, said),
        Message::Household(said) => household::text(ENGLISH, said),
        Message::Founder => "founder".to_owned(),
        Message::Forked => "has a forked device".to_owned(),
        Message::ExcludedFollow => "Statements that do not count:".to_owned(),
        Message::Device { this, cut, forked } => {
            let states = [(this, "this device"), (cut, "cut"), (forked, "forked")];
            listed(states)
        }
        Message::NoPeers => "No peers yet. Dial one: linli peers --dial ADDRESS".to_owned(),
        Message::Peer { connected, in_step } => names::peer(ENGLISH, connected, in_step),
        Message::Status(status) => status_lines(status),
        Message::ImportError { row, line, column, what } => format!("Row {row} (line {line}), column {column}: {what}"),
        Message::Imported { imported, skipped, encoding, preview } => {
            let verb = if preview { "Would import" } else { "Imported" };
            format!("{verb} {imported}, skipped {skipped} that are there already (encoding {encoding}).")
        }
        Message::Taken { entries } => format!("{entries} entries were new."),
        Message::Healthy => "All is well.".to_owned(),
        Message::TypeWords => "Type the 24 words, in Chinese or English:".to_owned(),
        Message::WordsAreRight { member } => format!("The words are right. Their household is {member}."),
        Message::Passphrase => "Passphrase: ".to_owned(),
        Message::NewPassphrase => "Choose a passphrase (empty for a key file instead): ".to_owned(),
        Message::PassphraseAgain => "The same passphrase again: ".to_owned(),
        Message::KeyFileChosen => "No passphrase: a key file in the home folder opens the keystore. Whoever can read that folder can act for this household.".to_owned(),
        Message::Welcome { home } => format!("Nothing has been set up in {home} yet.\n\nFound a neighbourhood:\n  linli init --found \"NAME\" --household \"NAME\" --building 3\nOr join one by an invitation:\n  linli join linli1… --household \"NAME\" --building 3\n\nEvery command: linli --help"),
        Message::NextCommands => "Next:\n  linli list\n  linli post request --title \"…\" --body \"…\"\n  linli invite\n  linli node\n\nEvery command: linli --help".to_owned(),
    }
}

/// Returns what happened, what was kept and what to do next.
pub fn error(error: &CliError) -> String {
    match error {
        CliError::Usage(error) => usage(error),
        CliError::Client(error) => client(error),
        CliError::Start(error) => start(error),
        CliError::End(EndError::DiskFull) => "The disk is full, and the node stopped. Everything saved is kept; the last change was not saved. Free some space and start it again.".to_owned(),
        CliError::End(EndError::Store(_)) => format!("The store failed, and the node stopped ({}). What was acknowledged is kept. Check the disk, then run: linli doctor.", why(ENGLISH, error)),
        CliError::End(EndError::Core) => "The node ended unexpectedly. What was acknowledged is kept. Start it again, and report this.".to_owned(),
        CliError::Setup(error) => setup(error),
        CliError::NoHome { home } => format!("Nothing has been set up in {}. Run linli init or linli join first, or name another folder with --home.", home.display()),
        CliError::NoFolder => "This user has no home folder. Name a folder with --home.".to_owned(),
        CliError::WrongMode { is_relay: true } => "This is for a relay. Use linli relay, and invite relays with linli invite --relay.".to_owned(),
        CliError::WrongMode { is_relay: false } => "This is for a household. Use linli node and linli join.".to_owned(),
        CliError::PassphraseNeeded => "The keystore is locked and nobody can be asked for the passphrase. Nothing was changed. Set LINLI_PASSPHRASE, or run the command on a terminal.".to_owned(),
        CliError::PassphrasesDiffer => "The two passphrases differ. Nothing was made; try again.".to_owned(),
        CliError::BrokenOff => "Broken off. Nothing was changed.".to_owned(),
        CliError::Words(error) => words(error),
        CliError::Invitation(error) => invitation(error),
        CliError::JoinRefused(refusal) => join_refused(refusal),
        CliError::Household(error) => household::error(ENGLISH, error),
        CliError::JoinPending => "The inviter was not reached yet. The home is kept and goes on joining whenever its node runs: run linli node, with --dial and the inviter's address if it cannot be found.".to_owned(),
        CliError::Name { field } => format!("--{field} is empty, too long, or has characters that cannot be shown. Nothing was changed; give another."),
        CliError::Ambiguous { name, candidates } => format!("“{name}” may mean several. Give more of the name: {}.", candidates.join("; ")),
        CliError::Unknown { name } => format!("There is no “{name}” here. Look it up with linli list or linli roster; if it is new, it may still be on its way."),
        CliError::Agreement(Unwritten::NoTitle) => "The file is empty. Nothing was published; its first line is the title.".to_owned(),
        CliError::Agreement(Unwritten::NoRules) => "The file has no rules. Nothing was published; write each on a line that begins with 1., 2., 3.".to_owned(),
        CliError::Agreement(Unwritten::Number { line, found, expected }) => format!(
            "Line {line} is rule {expected} and says {found}. Nothing was published; number the rules 1, 2, 3."
        ),
        CliError::Edition { number, newest } if number > newest => format!("The notice has no edition {number} here; the newest is {newest}. Nothing was noted. It may still be on its way."),
        CliError::Edition { number, newest } => format!("Edition {number} was corrected in what matters, so a signature on it does not count. Nothing was noted. Have edition {newest} signed."),
        CliError::NoAgreement => "There is no agreement here yet. It may not have arrived.".to_owned(),
        CliError::NoOffer => "Your household has no offer there. `linli offer` makes one; `linli show` lists them.".to_owned(),
        CliError::NobodyToThank => "Nobody has helped there yet. Thank once it is done: `linli done`.".to_owned(),
        CliError::NothingToAnswer => "Nothing there waits for your answer. `linli show` lists what was said.".to_owned(),
        CliError::NothingToChange => "Nothing to change was given. Use --title, --body, --category or --field NAME=TEXT.".to_owned(),
        CliError::NotText { source_name } => format!("{} is not text in UTF-8. Nothing was changed.", input(source_name)),
        CliError::TooLarge { source_name, bytes_max } => format!("{} has more than {}. Nothing was changed; split it.", input(source_name), plain::bytes(*bytes_max as u64)),
        CliError::File { path, source } => format!("{} cannot be read: {source}. Nothing was changed.", path.display()),
        CliError::ImportErrors { count } => format!("The file has {count} error(s), so nothing was imported. Mend them and import it again."),
        CliError::Findings { count } => format!("The doctor found {count} fault(s). Nothing was changed. Make a copy of the home folder before anything else."),
        CliError::OnStage => "The demonstration's households have their homes; nothing is to be made or opened.".to_owned(),
        CliError::StageTooSlow => "The demonstration's nodes did not come together in time, and it was removed. Try again when the machine is less busy.".to_owned(),
        CliError::StageFolder(source) => format!("The demonstration's temporary folder could not be made or removed: {source}. Look for a folder that begins with linli-demo- in your temporary folder (TMPDIR)."),
        CliError::NoStage => "This exists in the demonstration only: linli demo.".to_owned(),
        CliError::FrontEnd(_) => {
            "This terminal cannot be used. Nothing was changed; open it in an ordinary terminal, or use commands: linli help.".to_owned()
        }
        CliError::NoCapacity { name, own } if own.is_empty() => {
            format!("Your household holds no capacity {name}, nor any other. Leave --as out to speak as a resident.")
        }
        CliError::NoCapacity { name, own } => {
            format!("Your household holds no capacity {name}. It has: {}.", own.join(", "))
        }
        CliError::Unprintable(_) => "There is too much for a PDF. Try --format text.".to_owned(),
        CliError::BytesOnTerminal => "This format is no text. Send it to a file: > FILE.".to_owned(),
        CliError::Output(source) => format!("The output cannot be written: {source}. The command's work in the node is done."),
        CliError::Machine(source) => format!("The system refused: {source}. Nothing was changed."),
        CliError::ReaderGone => "The reader of the output has gone.".to_owned(),
        CliError::OtherAnswer => "The node is of another version than this program. Nothing is known to be changed; stop the node, then try again.".to_owned(),
    }
}

fn usage(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let text = text.trim().trim_start_matches("error: ");
    format!("{text}\n\nNothing was changed. See linli --help.")
}

fn client(error: &ClientError) -> String {
    match error {
        ClientError::Refused(refusal) => {
            let words = node_words(refusal);
            match &refusal.field {
                Some(field) => format!("{words} (field: {})", plain::line(field)),
                None => words,
            }
        }
        ClientError::NotRunning { .. } => {
            "The node stopped while it was asked. Nothing is known to be changed; try again."
                .to_owned()
        }
        ClientError::Broken(_) => format!(
            "The connection to the node broke ({}). Whether the request was carried out is not known; look before you repeat it.",
            why(ENGLISH, error)
        ),
        ClientError::Unintelligible(_) => {
            "The node is of another version than this program. Stop the node, then try again."
                .to_owned()
        }
        ClientError::Folder { path, source } => format!(
            "{} cannot be opened: {source}. Nothing was changed.",
            path.display()
        ),
    }
}

fn start(error: &StartError) -> String {
    match error {
        StartError::Absent { home } => self::error(&CliError::NoHome { home: home.clone() }),
        StartError::KeystoreMissing { home } => keystore_missing(home),
        StartError::StoreMissing { home } => store_missing(home),
        StartError::Locked { home, pid } => locked(home, *pid),
        StartError::WrongKey => "The passphrase or key file does not open the keystore. Nothing was changed; try again (capitals and input method matter).".to_owned(),
        StartError::Keystore(_) => format!("The keystore cannot be read ({}). Nothing was changed.", why(ENGLISH, error)),
        StartError::Settings(_) => format!("The settings cannot be read ({}). Nothing was changed. Mend or move settings.toml.", why(ENGLISH, error)),
        StartError::StoreNewer { found, known } => format!("The store was written by a newer version of linli ({found}; this program knows {known}). Nothing was changed. Install the newer version."),
        StartError::StoreOtherKey => "The store was sealed with a key that this keystore does not hold. Nothing was changed. Put the store and the keystore that belong together back into one folder.".to_owned(),
        StartError::StoreDamaged(_) => format!("The store is damaged ({}). Nothing was changed. Make a copy of the home folder, check the disk, then run: linli doctor. Neighbours hold what they have received.", why(ENGLISH, error)),
        StartError::DiskFull { home } => disk_full(home),
        StartError::Store(_) => format!("The store cannot be opened ({}). Nothing was changed.", why(ENGLISH, error)),
        StartError::Address { address, .. } => format!("{} cannot be used as an address ({}). Nothing was changed; it looks like /ip4/127.0.0.1/tcp/4101.", plain::line(address), why(ENGLISH, error)),
        StartError::AddressInUse { address } => format!("{} is in use by another program, maybe another node. Nothing was changed; choose another port with --listen.", plain::line(address)),
        StartError::Api(_) => format!("The local interface cannot be opened ({error}: {}). Nothing was changed.", why(ENGLISH, error)),
        StartError::File { path, source } => format!("{} cannot be read or written: {source}. Nothing was changed.", path.display()),
    }
}

fn setup(error: &SetupError) -> String {
    match error {
        SetupError::Exists { home } => format!("{} holds a household already. It is as it was. Name another folder with --home.", home.display()),
        SetupError::KeystoreMissing { home } => keystore_missing(home),
        SetupError::StoreMissing { home } => store_missing(home),
        SetupError::Locked { home, pid } => locked(home, *pid),
        SetupError::Invalid { what } => self::error(&CliError::Name { field: what }),
        SetupError::Keystore(_) => format!("The keystore cannot be made or opened ({}). Nothing was left behind.", why(ENGLISH, error)),
        SetupError::Store(_) => format!("The home cannot be used ({}). Nothing was left behind.", why(ENGLISH, error)),
        SetupError::DiskFull { home } => disk_full(home),
        SetupError::Random(_) => "The system gave no random bytes, and without them no key is safe. Nothing was left behind.".to_owned(),
        SetupError::File { path, source } => format!("{} cannot be read or written: {source}. Nothing was left behind.", path.display()),
    }
}

fn keystore_missing(home: &Path) -> String {
    format!(
        "{} holds a store whose keystore linli.keys is missing. Nothing was changed. Put the keystore back, or name another folder with --home.",
        home.display()
    )
}

fn store_missing(home: &Path) -> String {
    format!(
        "{} holds a keystore whose store linli.db is missing or empty. Nothing was changed. Put the store back if you have it. {}",
        home.display(),
        refusal::ways_out(ENGLISH).join(" ")
    )
}

fn locked(home: &Path, pid: Option<u32>) -> String {
    let who = pid.map_or_else(String::new, |pid| format!(" (process {pid})"));
    format!(
        "Another program works on {}{who}. Nothing was changed. Stop it, or use it through its socket.",
        home.display()
    )
}

fn disk_full(home: &Path) -> String {
    format!(
        "The disk that holds {} is full. What was acknowledged is kept, the last change is not. Free some space, then try again.",
        home.display()
    )
}

fn words(error: &WordsError) -> String {
    match error {
        WordsError::Count { found } => format!("There are {found} words; 24 are needed."),
        WordsError::Unknown { position, word, candidates } => {
            let word = plain::line(word);
            if candidates.is_empty() {
                format!("Word {position}, “{word}”, is not in the list. Look at the paper again.")
            } else {
                format!("Word {position}, “{word}”, is not in the list. It may be: {}.", candidates.join(", "))
            }
        }
        WordsError::Checksum => "Every word is in the list, but they do not fit together: one is wrong, or two are swapped. Look at the paper again.".to_owned(),
    }
}

fn invitation(error: &InvitationError) -> String {
    let what = match error {
        InvitationError::Prefix => "This is no invitation: one begins with linli1.".to_owned(),
        InvitationError::MixedCase => "The invitation mixes capital and small letters.".to_owned(),
        InvitationError::Character { position, .. } => {
            format!("Character {position} of the invitation does not occur in invitations.")
        }
        InvitationError::Truncated => "The end of the invitation is missing.".to_owned(),
        InvitationError::TooLong => "This is longer than any invitation.".to_owned(),
        InvitationError::Checksum {
            position: Some(position),
        } => format!("Character {position} of the invitation is wrong."),
        InvitationError::Checksum { position: None } => {
            "Several characters of the invitation are wrong.".to_owned()
        }
        InvitationError::Version { found } => format!(
            "The invitation has version {found}, which this program does not know: install a newer one."
        ),
        InvitationError::Content(_) | InvitationError::Limit { .. } => {
            "The invitation's content makes no sense.".to_owned()
        }
    };
    format!("{what} Nothing was made; copy it again, or ask for another.")
}

fn join_refused(refusal: &Refusal) -> String {
    let why = match refusal.code.as_str() {
        "expired" => "The invitation has expired.".to_owned(),
        "used-up" => "The invitation has been used up.".to_owned(),
        "unknown-invitation" => "The inviter does not know this invitation.".to_owned(),
        _ => node_words(refusal),
    };
    format!(
        "{why} The home is kept. Ask for another invitation, and run linli join with it in the same home."
    )
}

fn input(source_name: &str) -> String {
    if source_name == "-" {
        "Standard input".to_owned()
    } else {
        source_name.to_owned()
    }
}

fn listed<const N: usize>(states: [(bool, &str); N]) -> String {
    let held = states.iter().filter(|(holds, _)| *holds);
    let held: Vec<&str> = held.map(|(_, name)| *name).collect();
    held.join(", ")
}

fn delivery_line(Delivery { relays, homes }: Delivery) -> String {
    let counted = |count: u32, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    };
    let relays = counted(relays, "relay", "relays").map(|relays| format!("at {relays}"));
    let homes = counted(homes, "home", "homes").map(|homes| format!("in {homes}"));
    let beyond: Vec<String> = relays.into_iter().chain(homes).collect();
    if beyond.is_empty() {
        return "saved here only".to_owned();
    }
    format!("saved here · {}", beyond.join(" · "))
}

fn status_lines(status: &Status) -> String {
    let member = status.member.as_ref();
    let name = member.map_or_else(|| "-".to_owned(), |member| plain::line(&member.name));
    let neighbourhood = match status.neighbourhood.as_str() {
        "" => "-".to_owned(),
        neighbourhood => plain::line(neighbourhood),
    };
    let mut lines = vec![
        format!("Neighbourhood\t{neighbourhood}"),
        format!("Household\t{name}"),
        format!("Device\t{}", status.device.short()),
        format!("Peers\t{}", status.peers),
        format!("Entries\t{}", status.entries),
        format!("Documents\t{}", status.documents),
        format!("Not at any neighbour yet\t{}", status.unsent),
        format!("Store\t{}", plain::bytes(status.store_bytes)),
        format!("Frontier\t{}", plain::line(&status.frontier_digest)),
        format!(
            "View\t{}",
            status
                .view_digest
                .as_deref()
                .map_or_else(|| "-".to_owned(), plain::line)
        ),
    ];
    if status.pending {
        let admission = match status.join_refused {
            Some(_) => "Admission\trefused",
            None => "Admission\twaits for the inviter",
        };
        lines.insert(1, admission.to_owned());
    }
    if status.memory_is_short {
        lines.push(
            "Memory\tthis node holds too much: others cannot connect to it for now; if it stays so, start it again"
                .to_owned(),
        );
    }
    for member in &status.declined {
        let name = plain::line(&member.name);
        lines.push(format!(
            "Wrote too much\t{name}: no more of it is taken for now"
        ));
    }
    lines.join("\n")
}
