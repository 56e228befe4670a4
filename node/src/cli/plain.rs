//! Text from others on its way to a terminal (rule R20), and what is shown of names and times.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use protocol::text::Text;
use serde_json::Value;

/// Characters of one line that are shown.
const LINE_CHARACTERS_MAX: usize = 200;

/// Makes one harmless line of a text.
pub fn line(text: &str) -> String {
    Text::line(text, LINE_CHARACTERS_MAX).into_string()
}

/// Makes one harmless line of a text that a node has written, and cuts nothing off.
pub fn sentence(text: &str) -> String {
    Text::line(text, usize::MAX).into_string()
}

/// Makes harmless lines of a text.
pub fn paragraphs(text: &str) -> String {
    Text::paragraphs(text, usize::MAX).into_string()
}

/// Makes a field's value readable.
pub fn value(value: &Value) -> String {
    match value {
        Value::String(text) => paragraphs(text),
        other => line(&other.to_string()),
    }
}

/// Shows a time of milliseconds since 1970 in the machine's own zone.
pub fn time(ms: i64) -> String {
    match Timestamp::from_millisecond(ms) {
        Ok(time) => {
            let zoned = time.to_zoned_datetime(TimeZone::system());
            zoned.strftime("%Y-%m-%d %H:%M").to_string()
        }
        Err(_) => "?".to_owned(),
    }
}

/// Shows a number of bytes.
pub fn bytes(count: u64) -> String {
    const STEP: u64 = 1024;
    match count {
        0..STEP => format!("{count} B"),
        STEP..0x10_0000 => format!("{} KiB", count / STEP),
        _ => format!("{} MiB", count / STEP / STEP),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_told_nothing_but_text() {
        assert_eq!(line("a\u{1b}[2Jb\nc"), "ab c");
        assert_eq!(paragraphs("a\r\n\u{202E}b"), "a\nb");
        assert_eq!(line("谁有梯子？"), "谁有梯子？");
    }
}
