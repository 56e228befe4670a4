//! `linli backup sheet`: the household's recovery words on a sheet of A4, in both languages, with a
//! QR code of the words.

use std::fmt::Write as _;
use std::path::Path;

use protocol::api::{Answer, Request};
use protocol::words::{RecoveryWords, WordList};
use serde_json::json;
use tui::qr::Squares;
use zeroize::Zeroizing;

use super::backup::shown;
use super::error::CliError;
use super::household::HouseholdError;
use super::output::Output;
use super::say::Household;
use super::session::Session;
use super::{Context, passphrase, plain, session};
use crate::durable_file;
use crate::home::Home;
use crate::keystore::{Keystore, OpenError};
use crate::running::StartError;
use crate::setup::{SetupError, Unlock};

/// Addresses on a sheet: enough to find somebody, and few enough to type.
const ADDRESSES_MAX: usize = 4;

/// What stands on a sheet.
struct Sheet {
    neighbourhood: String,
    household: String,
    member: String,
    made: String,
    addresses: Vec<String>,
    words: RecoveryWords,
}

/// Writes the sheet.
pub async fn run(file: &Path, context: &Context, output: &mut Output) -> Result<(), CliError> {
    may_stand(file)?;
    let unlock = passphrase::for_the_home(context)?;
    let words = words(&context.home, &unlock)?;
    let member = session::with(context, async |session| make(session, file, words).await).await?;
    if context.json {
        return output.json(&json!({ "file": file, "member": member }));
    }
    let file = &shown(file);
    output.line(context.text(Household::SheetMade { file }.into()))
}

/// Tells whether a sheet can be written there.
pub(super) fn may_stand(file: &Path) -> Result<(), CliError> {
    form(file)?;
    if file.symlink_metadata().is_ok() {
        let path = file.to_owned();
        return Err(HouseholdError::InTheWay { path }.into());
    }
    Ok(())
}

/// How a sheet is written, by the ending of its file.
fn form(file: &Path) -> Result<fn(&Sheet) -> Zeroizing<String>, CliError> {
    let ending = file.extension().and_then(|ending| ending.to_str());
    match ending {
        Some("svg") => Ok(Sheet::svg),
        Some("html") => Ok(Sheet::html),
        Some("txt") => Ok(Sheet::text),
        _ => {
            let path = file.to_owned();
            Err(HouseholdError::SheetFormat { path }.into())
        }
    }
}

/// Writes a sheet with the words and with where the node that answers is reached. Returns the
/// household's name in digits.
pub(super) async fn make(
    session: &Session,
    file: &Path,
    words: RecoveryWords,
) -> Result<String, CliError> {
    let form = form(file)?;
    let Answer::Status(status) = session.call(Request::Status).await? else {
        return Err(CliError::OtherAnswer);
    };
    let Answer::Peers { peers } = session.call(Request::Peers).await? else {
        return Err(CliError::OtherAnswer);
    };
    let member = status.member.as_ref();
    let mut addresses: Vec<String> = Vec::new();
    for peer in peers.iter().filter(|peer| !peer.address.is_empty()) {
        if !addresses.contains(&peer.address) && addresses.len() < ADDRESSES_MAX {
            addresses.push(plain::line(&peer.address));
        }
    }
    let sheet = Sheet {
        neighbourhood: plain::line(&status.neighbourhood),
        household: member.map_or_else(String::new, |member| plain::line(&member.name)),
        member: member.map_or_else(String::new, |member| member.id.to_string()),
        made: plain::time(crate::core::now_ms()),
        addresses,
        words,
    };
    durable_file::write(file, form(&sheet).as_bytes()).map_err(HouseholdError::Write)?;
    Ok(sheet.member)
}

/// Reads the household's key from the keystore itself: no node gives it away.
pub(super) fn words(home: &Path, unlock: &Unlock) -> Result<RecoveryWords, CliError> {
    let home = Home::open(home).map_err(|_| CliError::NoHome {
        home: home.to_owned(),
    })?;
    let unlock = crate::running::keystore_unlock(&home, unlock);
    let (_, secrets) = Keystore::open(&home, &unlock).map_err(|error| match error {
        OpenError::WrongPassphrase | OpenError::WrongKey => CliError::from(StartError::WrongKey),
        error => SetupError::Keystore(Box::new(error)).into(),
    })?;
    let household = secrets.household.ok_or(HouseholdError::NoKey)?;
    Ok(RecoveryWords::from_seed(*household.expose()))
}

/// Words, numbered from 1.
fn numbered(words: &[&'static str]) -> Vec<String> {
    let numbered = words.iter().enumerate();
    numbered
        .map(|(index, word)| format!("{}. {word}", index + 1))
        .collect()
}

impl Sheet {
    fn code(&self) -> Option<Squares> {
        let phrase = self.words.phrase(WordList::English);
        Squares::of(&Zeroizing::new(phrase.to_uppercase()))
    }

    /// What to do, in both languages.
    fn advice(&self) -> Vec<String> {
        let mut lines = vec![
            "有这 24 个词的人就是这一户。请和重要纸张放在一起，不要拍照，不要给别人看。".to_owned(),
            "Who has these 24 words is this household. Keep them with your papers; take no picture.".to_owned(),
            "设备全丢了时：安装 linli，运行下面的命令，输入这些词（中文、英文任选一种），或扫描二维码。".to_owned(),
            "If every device is lost: install linli, run the command below and type the words of one list, or scan the code.".to_owned(),
            "    linli join --words - --dial ADDRESS".to_owned(),
            "ADDRESS 是邻居或中继的地址；也可以写一位邻居的邀请。 / ADDRESS is a neighbour's or relay's; a neighbour's invitation serves as well.".to_owned(),
        ];
        lines.extend(
            self.addresses
                .iter()
                .map(|address| format!("    {address}")),
        );
        lines
    }

    fn title(&self) -> [String; 3] {
        [
            "邻里 恢复单 / Linli recovery sheet".to_owned(),
            format!(
                "{} · {} · {}",
                self.neighbourhood, self.household, self.made
            ),
            self.member.clone(),
        ]
    }

    fn text(&self) -> Zeroizing<String> {
        let mut page = Zeroizing::new(self.title().join("\n"));
        for list in [WordList::Chinese, WordList::English] {
            page.push_str("\n\n");
            for row in numbered(&self.words.words(list)).chunks(4) {
                for word in row {
                    let _written = write!(*page, "{word:<16}");
                }
                page.push('\n');
            }
        }
        page.push('\n');
        for line in self.advice() {
            page.push_str(&line);
            page.push('\n');
        }
        page
    }

    fn html(&self) -> Zeroizing<String> {
        let head = "<!doctype html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\">\
            <title>Linli</title><style>@page{size:A4;margin:0}body{margin:0}\
            svg{display:block}</style></head><body>\n";
        let page = self.svg();
        Zeroizing::new(format!("{head}{}</body></html>\n", *page))
    }

    /// Draws the sheet, in millimetres.
    fn svg(&self) -> Zeroizing<String> {
        let mut page = Zeroizing::new(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" \
             viewBox=\"0 0 210 297\" font-family=\"sans-serif\">\n\
             <rect width=\"210\" height=\"297\" fill=\"white\"/>\n"
                .to_owned(),
        );
        let [title, whose, member] = self.title();
        letters(&mut page, (20, 26), 7, &title);
        letters(&mut page, (20, 35), 4, &whose);
        letters(&mut page, (20, 41), 3, &member);
        let mut top = 54;
        for (list, size) in [(WordList::Chinese, 6), (WordList::English, 4)] {
            for (row, words) in numbered(&self.words.words(list)).chunks(6).enumerate() {
                for (column, word) in words.iter().enumerate() {
                    letters(&mut page, (20 + 29 * column, top + 9 * row), size, word);
                }
            }
            top += 44;
        }
        if let Some(code) = self.code() {
            draw(&mut page, &code, (20, 142), 62);
        }
        for (row, line) in self.advice().iter().enumerate() {
            letters(&mut page, (20, 214 + 6 * row), 3, line);
        }
        page.push_str("</svg>\n");
        page
    }
}

fn letters(page: &mut String, (x, y): (usize, usize), size: usize, text: &str) {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let _written = writeln!(
        page,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" xml:space=\"preserve\">{text}</text>"
    );
}

/// Draws a code into a square of so many millimetres.
fn draw(page: &mut String, code: &Squares, (x, y): (usize, usize), side: usize) {
    let size = code.size;
    let _written = writeln!(
        page,
        "<svg x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" viewBox=\"0 0 {size} {size}\" \
         shape-rendering=\"crispEdges\"><path d=\""
    );
    for row in 0..size {
        for column in (0..size).filter(|column| code.is_dark(row, *column)) {
            let _written = write!(page, "M{column} {row}h1v1h-1z");
        }
    }
    page.push_str("\"/></svg>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        Sheet {
            neighbourhood: "梧桐里 <b>&".to_owned(),
            household: "林家".to_owned(),
            member: "ab".repeat(32),
            made: "2026-01-01 12:00".to_owned(),
            addresses: vec!["/ip4/192.0.2.1/tcp/4101".to_owned()],
            words: RecoveryWords::from_seed([7; 32]),
        }
    }

    #[test]
    fn every_form_has_all_words_of_both_lists_and_where_to_go() {
        let sheet = sheet();
        for page in [sheet.text(), sheet.html(), sheet.svg()] {
            for list in [WordList::Chinese, WordList::English] {
                for word in numbered(&sheet.words.words(list)) {
                    assert!(page.contains(&word), "{word}");
                }
            }
            assert!(page.contains("/ip4/192.0.2.1/tcp/4101"));
            assert!(page.contains("linli join --words -"));
        }
        assert!(sheet.svg().contains("梧桐里 &lt;b&gt;&amp;"));
        assert!(sheet.html().contains("size:A4") && sheet.svg().contains("height=\"297mm\""));
    }

    #[test]
    fn the_code_is_drawn_whole() {
        let sheet = sheet();
        let code = sheet.code().expect("24 words fit");
        let all = (0..code.size).flat_map(|row| (0..code.size).map(move |column| (row, column)));
        let dark = all.filter(|(row, column)| code.is_dark(*row, *column));
        assert_eq!(sheet.svg().matches("h1v1h-1z").count(), dark.count());
    }
}
