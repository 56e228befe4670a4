//! The language of whoever asks, as the header `Accept-Language` names it.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use tui::language::Language;

/// Returns the language that the headers prefer among the program's own; none when they name
/// neither.
pub fn preferred(headers: &HeaderMap) -> Option<Language> {
    let values = headers.get_all(ACCEPT_LANGUAGE).iter();
    let ranges = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let mut best: Option<(Language, f32)> = None;
    for (language, weight) in ranges.filter_map(weighted) {
        // Of equal ones the first counts.
        if weight > best.map_or(0.0, |(_, weight)| weight) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

/// Reads one range with its weight (RFC 9110, section 12.5.4): `zh-CN;q=0.8`.
fn weighted(range: &str) -> Option<(Language, f32)> {
    let mut parts = range.split(';').map(str::trim);
    let language = Language::of_locale(parts.next()?)?;
    let weight = match parts.find_map(|part| part.strip_prefix("q=")) {
        Some(weight) => weight.parse().ok()?,
        None => 1.0,
    };
    Some((language, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_greatest_weight_is_found() {
        let (zh, en) = (Some(Language::Chinese), Some(Language::English));
        let cases: [(&[&str], _); 10] = [
            (&[], None),
            (&["zh"], zh),
            (&["zh-CN,zh;q=0.9,en;q=0.8"], zh),
            (&["fr, en-GB;q=0.7, zh ; q=0.3"], en),
            (&["en;q=0.3", "zh;q=0.4"], zh),
            (&["en, zh"], en),
            (&["zh;q=0"], None),
            (&["en;q=much, zh;q=0.1"], zh),
            (&["*"], None),
            (&["en;q=NaN"], None),
        ];
        for (values, expected) in cases {
            let mut headers = HeaderMap::new();
            for value in values {
                let value = value.parse().expect("a header");
                headers.append(ACCEPT_LANGUAGE, value);
            }
            assert_eq!(preferred(&headers), expected, "{values:?}");
        }
    }
}
