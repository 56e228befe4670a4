//! `--help` in the resident's language. English stands with the options themselves; Chinese is a
//! table here, and a test sees to it that it has every command and option.

mod zh;

use clap::Command;

use super::language::Language;

/// Puts a command's help in a language.
pub fn in_language(command: Command, language: Language) -> Command {
    match language {
        Language::English => command,
        Language::Chinese => {
            let mut command = command
                .disable_help_flag(true)
                .disable_version_flag(true)
                .arg(flag("help", 'h', clap::ArgAction::Help).global(true))
                .arg(flag("version", 'V', clap::ArgAction::Version));
            // Built before it is translated, so that the global options are where they show.
            command.build();
            translated(command, String::new())
        }
    }
}

fn flag(name: &'static str, short: char, action: clap::ArgAction) -> clap::Arg {
    clap::Arg::new(name).long(name).short(short).action(action)
}

fn translated(mut command: Command, path: String) -> Command {
    command = command
        .subcommand_help_heading("命令")
        .help_template(zh::TEMPLATE);
    if let Some(text) = zh::text(&path) {
        command = command.about(text);
    }
    let names: Vec<String> = command
        .get_arguments()
        .map(|argument| argument.get_id().to_string())
        .collect();
    for name in names {
        let text = zh::text(&format!("{path} {name}")).or_else(|| zh::text(&format!("* {name}")));
        command = command.mut_arg(&name, |argument| {
            let heading = if argument.is_positional() {
                "参数"
            } else {
                "选项"
            };
            let argument = argument.help_heading(heading);
            match text {
                Some(text) => argument.help(text),
                None => argument,
            }
        });
    }
    let children: Vec<String> = command
        .get_subcommands()
        .map(|child| child.get_name().to_owned())
        .collect();
    for name in children {
        let child_path = format!("{path}/{name}");
        command = command.mut_subcommand(name, |child| translated(child, child_path));
    }
    command
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    fn untranslated(command: &Command, path: &str, found: &mut Vec<String>) {
        if zh::text(path).is_none() {
            found.push(path.to_owned());
        }
        for argument in command.get_arguments() {
            let name = argument.get_id().as_str();
            let own = zh::text(&format!("{path} {name}"));
            if own.is_none() && zh::text(&format!("* {name}")).is_none() {
                found.push(format!("{path} {name}"));
            }
        }
        for child in command.get_subcommands() {
            untranslated(child, &format!("{path}/{}", child.get_name()), found);
        }
    }

    #[test]
    fn every_command_and_option_has_chinese_help() {
        let mut found = Vec::new();
        untranslated(&Cli::command(), "", &mut found);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn the_table_names_nothing_that_does_not_exist() {
        let command = Cli::command();
        for (key, _) in zh::TEXTS {
            let (path, argument) = key.split_once(' ').unwrap_or((key, ""));
            if path == "*" {
                continue;
            }
            let mut found = Some(&command);
            for name in path.split('/').filter(|name| !name.is_empty()) {
                found = found.and_then(|command| command.find_subcommand(name));
            }
            let found = found.unwrap_or_else(|| panic!("no command {path}"));
            let has = found
                .get_arguments()
                .any(|known| known.get_id() == argument);
            assert!(argument.is_empty() || has, "no option {key}");
        }
    }

    #[test]
    fn chinese_help_shows_no_english_sentence() {
        let mut command = in_language(Cli::command(), Language::Chinese);
        let mut pages = vec![command.render_help().to_string()];
        for child in command.get_subcommands_mut() {
            pages.push(child.render_help().to_string());
        }
        for page in pages {
            for english in [
                "Usage:",
                "Options:",
                "Commands:",
                "Arguments:",
                "Print help",
            ] {
                assert!(!page.contains(english), "{english} in {page}");
            }
        }
    }
}
