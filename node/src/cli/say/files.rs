//! What the command line says of files: one that was not written, and a backup that does not open or
//! hold.

use std::io::ErrorKind;
use std::path::Path;

use crate::backup::{InvalidContents, OpenError};
use crate::cli::language::Language;
use crate::cli::plain;
use crate::durable_file::WriteError;

/// Why a file was not written, and what became of it.
pub(super) fn unwritten(language: Language, fault: &WriteError) -> String {
    let chinese = language == Language::Chinese;
    let (path, source, kept) = match fault {
        WriteError::Unchanged { path, source } => (
            path,
            source,
            match chinese {
                true => "什么都没有改动。",
                false => " Nothing was changed.",
            },
        ),
        WriteError::NotDurable { path, source } => (
            path,
            source,
            match chinese {
                true => "文件写下了，但磁盘没有确认：断电可能让它消失。请检查磁盘。",
                false => {
                    " It was written, but the disk did not confirm it: a power cut could undo it. Check the disk."
                }
            },
        ),
    };
    let why = refused_by_system(language, source);
    format!("{}{why}{kept}", at(chinese, path))
}

/// What the system says against a file or folder, and what to do about it.
pub(super) fn refused_by_system(language: Language, fault: &std::io::Error) -> String {
    let (zh, en) = match fault.kind() {
        ErrorKind::NotFound => (
            "没有这个文件夹。请先建好，或换一个地方。",
            "there is no such folder. Make it first, or name another place.",
        ),
        ErrorKind::NotADirectory => (
            "路径里有一段不是文件夹。请换一个地方。",
            "a part of the path is no folder. Name another place.",
        ),
        ErrorKind::PermissionDenied => (
            "您不能写在那里。请换一个地方。",
            "you may not write there. Name another place.",
        ),
        ErrorKind::ReadOnlyFilesystem => (
            "那里只能读，不能写。请换一个地方。",
            "nothing can be written there, only read. Name another place.",
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => (
            "那里的空间不够。请腾出空间，或换一个地方。",
            "there is too little space. Make room, or name another place.",
        ),
        _ => return ended(language == Language::Chinese, &fault.to_string()),
    };
    match language {
        Language::Chinese => zh.to_owned(),
        Language::English => en.to_owned(),
    }
}

pub(super) fn backup(chinese: bool, fault: &OpenError) -> String {
    match (fault, chinese) {
        (OpenError::Foreign, true) => "这不是备份。".to_owned(),
        (OpenError::Foreign, false) => "This is no backup.".to_owned(),
        (OpenError::Newer { found }, true) => {
            format!("备份是第 {found} 版，这个程序不认识；请安装新版。")
        }
        (OpenError::Newer { found }, false) => {
            format!("The backup has version {found}, which this program does not know; install a newer one.")
        }
        (OpenError::Damaged { from, to }, true) => {
            format!("备份坏了：第 {from} 到 {to} 字节不是当初写下的内容。请用另一份备份。")
        }
        (OpenError::Damaged { from, to }, false) => format!(
            "The backup is damaged: the bytes from {from} to {to} are not what was written. Use another copy."
        ),
        (OpenError::CutOff { bytes }, true) => {
            format!("备份不完整：在第 {bytes} 字节处断了。请用另一份备份。")
        }
        (OpenError::CutOff { bytes }, false) => {
            format!("The backup's end is missing: it breaks off after {bytes} bytes. Use another copy.")
        }
        (OpenError::Cost(cost), true) => format!("备份要求的计算超出了允许的范围（{}）。不要相信它。", cost.found),
        (OpenError::Cost(cost), false) => {
            format!("The backup asks for more work than is allowed ({} = {}). Do not trust it.", cost.what, cost.found)
        }
        (OpenError::Key(_), true) => "密钥文件或内存不够用。请检查后再试。".to_owned(),
        (OpenError::Key(_), false) => {
            "The key file does not serve, or there is too little memory. Check, then try again.".to_owned()
        }
        (OpenError::WrongKey, true) => "口令或密钥文件打不开它。请再试一次（注意大小写和输入法）。".to_owned(),
        (OpenError::WrongKey, false) => "The passphrase or key file does not open it. Try again (capitals and input method matter).".to_owned(),
    }
}

pub(super) fn contents(chinese: bool, fault: &InvalidContents) -> String {
    match (fault, chinese) {
        (InvalidContents::Newer { found }, true) => {
            format!("备份的内容是第 {found} 版，这个程序不认识；请安装新版。")
        }
        (InvalidContents::Newer { found }, false) => {
            format!(
                "Its contents have version {found}, which this program does not know; install a newer one."
            )
        }
        (fault, true) => {
            let what = match fault {
                InvalidContents::Segment { entries, .. } => {
                    format!("前 {entries} 个条目之后的签名或散列不对")
                }
                InvalidContents::Gap { entry } => format!("条目 {} 之前缺了一段", entry.short()),
                InvalidContents::NoFounding => "里面没有小区的创建声明".to_owned(),
                InvalidContents::NoMember => "里面的小区没有这一户".to_owned(),
                _ => "里面的条目读不出来".to_owned(),
            };
            format!("{what}。请用另一份备份。")
        }
        (fault, false) => {
            let what = match fault {
                InvalidContents::Segment { entries, .. } => {
                    format!("A signature or hash after the first {entries} entries does not hold")
                }
                InvalidContents::Gap { entry } => {
                    format!("What comes before entry {} is missing", entry.short())
                }
                InvalidContents::NoFounding => "The founding is not inside".to_owned(),
                InvalidContents::NoMember => {
                    "The household is no member of the neighbourhood inside".to_owned()
                }
                _ => "The entries inside cannot be read".to_owned(),
            };
            format!("{what}. Use another copy.")
        }
    }
}

pub(super) fn at(chinese: bool, path: &Path) -> String {
    let path = plain::line(&path.to_string_lossy());
    if chinese {
        format!("{path}：")
    } else {
        format!("{path}: ")
    }
}

pub(super) fn ended(chinese: bool, text: &str) -> String {
    format!("{text}{}", if chinese { "。" } else { "." })
}
