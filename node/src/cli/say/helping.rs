//! What the command line says of help asked for and given, in both languages.

use protocol::api::EmergencyNumbers;

use super::Message;
use crate::cli::language::Language;

/// Something to say of help asked for and given.
#[derive(Clone, Copy, Debug)]
pub enum Helping<'a> {
    /// Nothing is the household's to do.
    NothingMine,
    /// Help that the household gave follows.
    Given,
    /// Help that it got follows.
    Received,
    /// How much help there was in all.
    Totals { helps: usize, hours: &'a str },
    /// Whom to call in an emergency.
    Emergency(&'a EmergencyNumbers),
}

impl<'a> From<Helping<'a>> for Message<'a> {
    fn from(said: Helping<'a>) -> Self {
        Self::Helping(said)
    }
}

/// Returns what is to be said.
pub fn text(language: Language, said: Helping<'_>) -> String {
    let pick = |zh: &str, en: &str| match language {
        Language::Chinese => zh.to_owned(),
        Language::English => en.to_owned(),
    };
    match said {
        Helping::NothingMine => pick(
            "没有等着您的求助。`linli list requests` 看看谁需要帮忙。",
            "No help waits for you. `linli list requests` shows who needs some.",
        ),
        Helping::Given => pick("本户帮过的：", "Help that your household gave:"),
        Helping::Received => pick("本户得到的帮助：", "Help that your household got:"),
        Helping::Totals { helps, hours } => match language {
            Language::Chinese => {
                format!("整个小区互相帮过 {helps} 次，双方认可的时间共 {hours} 小时。")
            }
            Language::English => {
                let times = match helps {
                    1 => "once".to_owned(),
                    _ => format!("{helps} times"),
                };
                format!(
                    "In the whole neighbourhood: helped {times}, {hours} hours agreed by both sides."
                )
            }
        },
        Helping::Emergency(numbers) => super::words(language).emergency(numbers),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_name_their_unit_and_one_is_one() {
        let said = |language, helps| {
            let hours = "1:30";
            text(language, Helping::Totals { helps, hours })
        };
        let once = said(Language::English, 1);
        assert!(once.contains("helped once, 1:30 hours"), "{once}");
        let often = said(Language::English, 3);
        assert!(often.contains("helped 3 times, 1:30 hours"), "{often}");
        let chinese = said(Language::Chinese, 1);
        assert!(chinese.ends_with("共 1:30 小时。"), "{chinese}");
    }
}
