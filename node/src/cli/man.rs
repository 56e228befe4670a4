//! `linli man`: manual pages, one for each command, in the language of `--lang`.
//!
//! What clap knows of a command comes from there; what belongs to all of them stands in `linli(1)`.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use serde_json::json;

use super::error::CliError;
use super::exit::Exit;
use super::language::Language;
use super::output::Output;
use super::{Cli, Context, help, plain};

/// Options of `man`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The folder to write the pages to; it is made when it is missing
    folder: PathBuf,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context, output: &mut Output) -> Result<(), CliError> {
    let written = write(&args.folder, context.language).map_err(CliError::Machine)?;
    for path in written {
        let path = path.to_string_lossy();
        match context.json {
            true => output.json(&json!({ "page": path }))?,
            false => output.line(plain::line(&path))?,
        }
    }
    Ok(())
}

fn write(folder: &Path, language: Language) -> io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let mut written = Vec::new();
    for (name, page) in pages(language)? {
        let path = folder.join(name);
        std::fs::write(&path, page)?;
        written.push(path);
    }
    Ok(written)
}

/// Makes every page: the name of its file, and what it says.
fn pages(language: Language) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut command = help::in_language(Cli::command(), language);
    command.build();
    let mut pages = Vec::new();
    gather(&command, language, &mut pages)?;
    Ok(pages)
}

fn gather(
    command: &Command,
    language: Language,
    pages: &mut Vec<(String, Vec<u8>)>,
) -> io::Result<()> {
    let man = Man::new(command.clone()).manual("Linli");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    let children = || {
        let children = command.get_subcommands();
        children.filter(|child| child.get_name() != "help")
    };
    if children().next().is_some() {
        man.render_subcommands_section(&mut page)?;
    }
    if command.get_name() == "linli" {
        shared(language).to_writer(&mut page)?;
    }
    let page = match language {
        Language::English => page,
        Language::Chinese => headed_in_chinese(&page),
    };
    pages.push((man.get_filename(), page));
    for child in children() {
        gather(child, language, pages)?;
    }
    Ok(())
}

/// What headings are called in Chinese manual pages.
const HEADINGS: &[(&str, &str)] = &[
    ("NAME", "名称"),
    ("SYNOPSIS", "概要"),
    ("DESCRIPTION", "描述"),
    ("OPTIONS", "选项"),
    ("SUBCOMMANDS", "命令"),
    ("\"EXIT STATUS\"", "退出状态"),
    ("FILES", "文件"),
    ("ENVIRONMENT", "环境变量"),
    ("EXAMPLES", "示例"),
];

/// Puts the headings of a page in Chinese; clap has its own in English only.
fn headed_in_chinese(page: &[u8]) -> Vec<u8> {
    let page = String::from_utf8_lossy(page)
        .replace("Possible values:", "可选的值：")
        .replace(" [default: ", " [默认：");
    let lines = page.lines().map(|line| {
        let heading = line.strip_prefix(".SH ");
        let known = heading.and_then(|heading| {
            let mut known = HEADINGS.iter();
            known.find(|(english, _)| *english == heading)
        });
        match known {
            Some((_, chinese)) => format!(".SH {chinese}\n"),
            None => format!("{line}\n"),
        }
    });
    lines.collect::<String>().into_bytes()
}

/// What belongs to all commands, as `docs/CLI.md` says it.
fn shared(language: Language) -> Roff {
    let chinese = language == Language::Chinese;
    let mut roff = Roff::default();
    roff.control("SH", ["EXIT STATUS"]);
    for exit in Exit::ALL {
        let (english, in_chinese) = meaning(exit);
        let meaning = if chinese { in_chinese } else { english };
        item(&mut roff, &exit.code().to_string(), meaning);
    }
    for (heading, items) in [
        ("FILES", FILES),
        ("ENVIRONMENT", ENVIRONMENT),
        ("EXAMPLES", EXAMPLES),
    ] {
        roff.control("SH", [heading]);
        for (name, english, in_chinese) in items {
            item(&mut roff, name, if chinese { in_chinese } else { english });
        }
    }
    roff
}

fn item(roff: &mut Roff, name: &str, meaning: &str) {
    roff.control("TP", []);
    roff.text([bold(name)]);
    roff.text([roman(meaning)]);
}

/// A name, what it means in English, and in Chinese.
type Item = (&'static str, &'static str, &'static str);

const FILES: &[Item] = &[
    (
        "linli.db",
        "In the home: the store.",
        "在数据文件夹里：数据库。",
    ),
    (
        "linli.keys",
        "In the home: the sealed keys.",
        "在数据文件夹里：封好的密钥。",
    ),
    (
        "linli.unfinished",
        "In the home while it is being set up or removed; the next setup clears what lies beside it.",
        "在数据文件夹里，正在建立或删除时才有；下次建立时会清掉旁边没建完的内容。",
    ),
    (
        "device.key",
        "In the home, where no passphrase is set: what opens the keys. Keep it out of backups.",
        "在数据文件夹里，没有设口令时：打开密钥的文件。不要放进备份。",
    ),
    (
        "settings.toml",
        "In the home: language and looks.",
        "在数据文件夹里：语言和外观。",
    ),
    (
        "faults.log",
        "In the home, after a fault of the program beside the screen: what happened.",
        "在数据文件夹里，后台出过错之后：当时的情况。",
    ),
    (
        "run/api.sock",
        "In the home, while a node runs: the local interface.",
        "在数据文件夹里，节点运行时：本机接口。",
    ),
];

const ENVIRONMENT: &[Item] = &[
    (
        "LINLI_HOME",
        "The folder that holds everything, where --home is not given.",
        "没有写 --home 时，存放全部数据的文件夹。",
    ),
    (
        "LINLI_PASSPHRASE",
        "Answers the prompt for the passphrase.",
        "代替输入口令。",
    ),
    (
        "LINLI_LOG",
        "How much a node or relay logs, where --log is not given.",
        "没有写 --log 时，节点或中继记多少日志。",
    ),
    (
        "LC_ALL, LC_MESSAGES, LANG",
        "The language, where neither --lang nor the home says it.",
        "--lang 和数据文件夹都没有说时，用哪种语言。",
    ),
    (
        "NO_COLOR",
        "The front end shows no colours unless some are chosen.",
        "没有另选颜色时，界面不用颜色。",
    ),
];

const EXAMPLES: &[Item] = &[
    ("linli", "Opens the front end.", "打开界面。"),
    (
        "linli --plain",
        "Speaks in lines, for screen readers and pipes.",
        "逐行模式，给读屏软件和管道用。",
    ),
    (
        "linli demo",
        "Plays a neighbourhood that is gone afterwards.",
        "演示一个小区，结束后不留任何东西。",
    ),
    (
        "linli init --household Lin --building 3 --found \"Plane Tree Lane\"",
        "Founds a neighbourhood.",
        "创建一个小区。",
    ),
    (
        "linli post request --title \"Who has a ladder?\" --category goods",
        "Asks for help.",
        "发一条求助。",
    ),
    (
        "linli export --space --format bundle > stick.linli",
        "Takes everything to a neighbour without a network.",
        "没有网络时，把全部内容带给邻居。",
    ),
];

/// What an exit code means, in English and in Chinese.
const fn meaning(exit: Exit) -> (&'static str, &'static str) {
    match exit {
        Exit::Done => (
            "done; also when the reader of a pipe went away",
            "完成；管道的另一头走了也算",
        ),
        Exit::Internal => (
            "the program failed, or the machine did",
            "程序出错，或者机器出错",
        ),
        Exit::Usage => ("the command line is not understood", "看不懂命令行"),
        Exit::Invalid => (
            "the input is wrong and was refused; nothing was changed",
            "输入不对，没有接受，什么都没有改动",
        ),
        Exit::NotFound => ("what was named does not exist here", "这里没有所说的东西"),
        Exit::NotAllowed => ("the roster does not allow it", "名册不允许"),
        Exit::Locked => (
            "another process works on the home",
            "另一个程序正在使用数据文件夹",
        ),
        Exit::Storage => (
            "the store or the disk: damaged, newer, full; findings of doctor",
            "数据库或磁盘：损坏、版本更新、已满；doctor 发现了问题",
        ),
        Exit::Network => ("an address or a peer cannot be reached", "地址或节点连不上"),
        Exit::Joining => (
            "joining still waits, or the invitation does not hold",
            "还在等待加入，或者邀请无效",
        ),
        Exit::Keystore => (
            "the passphrase or key file is missing or wrong",
            "口令或密钥文件没有或不对",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(command: &Command, name: &str, found: &mut Vec<String>) {
        found.push(format!("{name}.1"));
        for child in command.get_subcommands() {
            commands(child, &format!("{name}-{}", child.get_name()), found);
        }
    }

    #[test]
    fn every_command_has_a_page_and_none_is_empty() {
        let mut expected = Vec::new();
        commands(&Cli::command(), "linli", &mut expected);
        for language in [Language::Chinese, Language::English] {
            let pages = pages(language).expect("memory takes everything");
            let names: Vec<String> = pages.iter().map(|(name, _)| name.clone()).collect();
            assert_eq!(names, expected);
            for (name, page) in &pages {
                let page = std::str::from_utf8(page).expect("text");
                let sections = match language {
                    Language::Chinese => ["SH 名称", "SH 概要", "SH 描述", "SH 选项"],
                    Language::English => ["SH NAME", "SH SYNOPSIS", "SH DESCRIPTION", "SH OPTIONS"],
                };
                for section in sections {
                    assert!(page.contains(section), "{name} lacks {section}");
                }
                let headings = page.lines().filter_map(|line| line.strip_prefix(".SH "));
                for heading in headings {
                    let is_english = heading.chars().any(|sign| sign.is_ascii_alphabetic());
                    let is_right = is_english == (language == Language::English);
                    assert!(is_right, "{name}: {heading}");
                }
                let description = format!("{}\n", sections[2]);
                let described = page.split(&description).nth(1).unwrap_or_default();
                let line = described.lines().next().unwrap_or_default();
                assert!(
                    !line.is_empty() && !line.starts_with('.'),
                    "{name} says nothing"
                );
            }
        }
    }

    #[test]
    fn the_main_page_says_what_the_document_says() {
        let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/CLI.md");
        let document = std::fs::read_to_string(document).expect("it is there");
        for exit in Exit::ALL {
            let row = format!("| {} | `{exit:?}` | {} |", exit.code(), meaning(exit).0);
            assert!(
                document.replace("`doctor`", "doctor").contains(&row),
                "{row}"
            );
        }
        for (name, _, _) in ENVIRONMENT.iter().take(3) {
            assert!(document.contains(name), "{name}");
        }
        for language in [Language::Chinese, Language::English] {
            let (_, page) = pages(language).expect("memory").swap_remove(0);
            let page = String::from_utf8(page).expect("text");
            let sections = match language {
                Language::Chinese => ["退出状态", "文件", "环境变量", "示例"],
                Language::English => ["EXIT STATUS", "FILES", "ENVIRONMENT", "EXAMPLES"],
            };
            for section in sections {
                assert!(page.contains(section), "{section}");
            }
        }
    }
}
