//! Contrast of colours, width of marks, and what chooses them.

use ratatui::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::{Hints, Scheme, Shapes, Theme};

/// WCAG 2.2: 4.5 for ordinary text, 7 for enhanced contrast.
const CONTRAST_MIN: f64 = 4.5;
const CONTRAST_MIN_HIGH: f64 = 7.0;

fn styles(theme: &Theme) -> [(&'static str, Style); 19] {
    [
        ("text", theme.text),
        ("dim", theme.dim),
        ("heading", theme.heading),
        ("selected", theme.selected),
        ("selected_elsewhere", theme.selected_elsewhere),
        ("focus", theme.focus),
        ("border", theme.border),
        ("hint_key", theme.hint_key),
        ("found", theme.found),
        ("input", theme.input),
        ("urgent", theme.urgent),
        ("important", theme.important),
        ("good", theme.good),
        ("warning", theme.warning),
        ("bad", theme.bad),
        ("unread", theme.unread),
        ("own", theme.own),
        ("awaited", theme.awaited),
        ("over", theme.over),
    ]
}

/// The colours of xterm's cube and ramp of greys, which no terminal lets its owner change.
fn rgb(color: Color) -> [f64; 3] {
    let Color::Indexed(index) = color else {
        panic!("{color:?} is another colour in each terminal");
    };
    match index {
        0..16 => panic!("{index} is another colour in each terminal"),
        16..232 => {
            let cube = index - 16;
            [cube / 36, cube / 6 % 6, cube % 6].map(|step| match step {
                0 => 0.0,
                step => f64::from(step) * 40.0 + 55.0,
            })
        }
        232.. => [f64::from(index - 232) * 10.0 + 8.0; 3],
    }
}

/// WCAG 2.2's relative luminance.
fn luminance(color: Color) -> f64 {
    let [red, green, blue] = rgb(color).map(|part| {
        let part = part / 255.0;
        match part <= 0.04045 {
            true => part / 12.92,
            false => ((part + 0.055) / 1.055).powf(2.4),
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(style: Style) -> f64 {
    let colours = [style.fg, style.bg].map(|color| luminance(color.expect("both are set")));
    let (dark, light) = (colours[0].min(colours[1]), colours[0].max(colours[1]));
    (light + 0.05) / (dark + 0.05)
}

#[test]
fn schemes_with_a_ground_of_their_own_can_be_read() {
    for (scheme, contrast_min) in [
        (Scheme::Light, CONTRAST_MIN),
        (Scheme::Dark, CONTRAST_MIN),
        (Scheme::HighContrast, CONTRAST_MIN_HIGH),
    ] {
        for (name, style) in styles(&Theme::new(scheme, Shapes::Unicode)) {
            let contrast = contrast(style);
            assert!(contrast >= contrast_min, "{scheme:?} {name}: {contrast:.2}");
        }
    }
}

#[test]
fn the_terminals_scheme_uses_its_sixteen_colours_on_its_own_ground() {
    for (name, style) in styles(&Theme::new(Scheme::Terminal, Shapes::Unicode)) {
        assert_eq!(style.bg, Some(Color::Reset), "{name}");
        let color = style.fg.expect("it is set");
        assert!(
            !matches!(color, Color::Indexed(_) | Color::Rgb(..)),
            "{name}: {color:?}"
        );
    }
}

#[test]
fn the_monochrome_scheme_has_no_colours_and_tells_what_matters_apart() {
    let theme = Theme::new(Scheme::Monochrome, Shapes::Unicode);
    for (name, style) in styles(&theme) {
        assert_eq!(
            (style.fg, style.bg),
            (Some(Color::Reset), Some(Color::Reset)),
            "{name}"
        );
    }
    for (one, other) in [
        (theme.selected, theme.text),
        (theme.selected_elsewhere, theme.text),
        (theme.selected, theme.selected_elsewhere),
        (theme.unread, theme.text),
        (theme.focus, theme.border),
        (theme.hint_key, theme.text),
        (theme.urgent, theme.important),
        (theme.found, theme.unread),
        (theme.input, theme.text),
    ] {
        assert_ne!(one, other);
    }
    // A terminal may draw dim as nothing at all: it must not be all that tells two things apart.
    assert!(theme.urgent.add_modifier.contains(Modifier::BOLD));
}

#[test]
fn schemes_have_names() {
    for scheme in Scheme::ALL {
        assert_eq!(scheme.name().parse(), Ok(scheme));
    }
    assert!("solarized".parse::<Scheme>().is_err());
}

#[test]
fn the_environment_says_what_a_terminal_can_draw() {
    let hints = |variables: &[(&str, &str)]| {
        Hints::of(|name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    };
    let none = Hints::default();
    let no_colour = Hints {
        no_colour: true,
        ..none
    };
    let ascii = Hints {
        ascii: true,
        ..none
    };
    let console = Hints {
        without_chinese: true,
        ..ascii
    };
    let cases: [(&[(&str, &str)], Hints); 9] = [
        (&[], none),
        (&[("NO_COLOR", "")], none),
        (&[("NO_COLOR", "0")], no_colour),
        (&[("TERM", "linux"), ("LANG", "zh_CN.UTF-8")], console),
        (&[("TERM", "xterm-256color"), ("LANG", "C")], none),
        (&[("LANG", "zh_CN.GB18030")], ascii),
        (&[("LANG", "de_DE.UTF-8@euro")], none),
        (&[("LANG", "C"), ("LC_CTYPE", "de_DE.ISO-8859-1")], ascii),
        (&[("LC_ALL", "en_GB.utf8"), ("LANG", "en.latin1")], none),
    ];
    for (variables, expected) in cases {
        assert_eq!(hints(variables), expected, "{variables:?}");
    }
}

#[test]
fn every_mark_is_one_column_wide_everywhere_and_means_one_thing() {
    for shapes in [Shapes::Unicode, Shapes::Ascii] {
        let marks = shapes.marks().all();
        for (place, (name, mark)) in marks.iter().enumerate() {
            assert_eq!((mark.width(), mark.width_cjk()), (1, 1), "{name}: {mark}");
            let same = marks[..place].iter().find(|(_, other)| other == mark);
            assert_eq!(same, None, "{name}: {mark}");
        }
    }
}

#[test]
fn ascii_shapes_are_ascii() {
    let marks = Shapes::Ascii.marks();
    assert!(marks.all().iter().all(|(_, mark)| mark.is_ascii()));
    let border = marks.border;
    for line in [
        border.top_left,
        border.top_right,
        border.bottom_left,
        border.bottom_right,
        border.vertical_left,
        border.vertical_right,
        border.horizontal_top,
        border.horizontal_bottom,
    ] {
        assert!(line.is_ascii() && line.len() == 1, "{line}");
    }
}
