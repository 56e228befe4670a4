//! Which language a command speaks: what was asked for, or what was chosen for the home, or what
//! the environment says.

use std::ffi::OsString;
use std::path::Path;

pub use tui::language::Language;

/// Bytes of a settings file that are looked at.
const SETTINGS_BYTES_MAX: u64 = 16 * 1024;

/// Finds the language for messages about the command line itself, before it is understood.
pub fn of_arguments(arguments: &[OsString]) -> Option<Language> {
    let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
    while let Some(argument) = arguments.next() {
        if let Some(code) = argument.strip_prefix("--lang=") {
            return code.parse().ok();
        }
        if argument == "--lang" {
            return arguments.next()?.parse().ok();
        }
    }
    None
}

/// Reads the language that was chosen for a home. Settings that are not understood are not judged
/// here: whatever is wrong with them has to be said in some language.
pub fn of_home(home: &Path) -> Option<Language> {
    use std::io::Read;
    let file = std::fs::File::open(home.join("settings.toml")).ok()?;
    let mut text = String::new();
    file.take(SETTINGS_BYTES_MAX)
        .read_to_string(&mut text)
        .ok()?;
    let settings: toml::Table = text.parse().ok()?;
    settings.get("language")?.as_str()?.parse().ok()
}

/// Reads the language of the environment.
pub fn of_environment() -> Option<Language> {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let mut locales = names.iter().filter_map(|name| std::env::var(name).ok());
    let locale = locales.find(|locale| !locale.is_empty())?;
    Language::of_locale(&locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_is_found_before_the_command_line_is_understood() {
        let cases: [(&[&str], _); 5] = [
            (
                &["linli", "--lang", "zh", "nonsense"],
                Some(Language::Chinese),
            ),
            (&["linli", "init", "--lang=en"], Some(Language::English)),
            (&["linli", "--lang"], None),
            (&["linli", "--lang", "fr"], None),
            (&["linli"], None),
        ];
        for (arguments, expected) in cases {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            assert_eq!(of_arguments(&arguments), expected, "{arguments:?}");
        }
    }

    #[test]
    fn the_homes_choice_is_read_even_beside_settings_that_are_not_known() {
        let home = std::env::temp_dir().join(format!("linli-language-{}", std::process::id()));
        std::fs::create_dir_all(&home).expect("a folder");
        assert_eq!(of_home(&home), None);
        let text = "language = \"zh\"\nunheard = 1\n";
        std::fs::write(home.join("settings.toml"), text).expect("a file");
        assert_eq!(of_home(&home), Some(Language::Chinese));
        std::fs::remove_dir_all(&home).expect("to be removed");
    }
}
