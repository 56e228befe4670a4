//! What people are told of a node that does not fare well.

use super::*;

/// A home whose node has this status.
fn home(name: &str, change: fn(&mut Status)) -> Home {
    Home::with(
        name,
        Box::new(move |request| match request {
            Request::Status => {
                let mut status = crate::fake::status();
                change(&mut status);
                Some(Ok(Answer::Status(Box::new(status))))
            }
            _ => None,
        }),
    )
}

fn lines_of(home: &Home, arguments: &[&str]) -> Vec<String> {
    let text = stdout(&home.run(arguments));
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_node_that_is_short_of_memory_says_that_others_cannot_connect() {
    let short = home("short", |status| status.memory_is_short = true);
    for (language, told) in [("en", "others cannot connect"), ("zh", "别人暂时连不上")] {
        let lines = lines_of(&short, &["--lang", language, "status"]);
        assert!(lines.iter().any(|line| line.contains(told)), "{lines:?}");
        let well = home("well", |_| {});
        let lines = lines_of(&well, &["--lang", language, "status"]);
        assert!(!lines.iter().any(|line| line.contains(told)), "{lines:?}");
    }
}

#[test]
fn a_node_that_nobody_serves_says_so_before_anything_else() {
    let refused = home("refused", |status| {
        status.join_refused = Some(Refusal {
            code: "not-allowed".to_owned(),
            message: "Ask a steward.\u{1b}[2J".to_owned(),
            field: None,
        });
    });
    let lines = lines_of(&refused, &["--lang", "en", "status"]);
    assert!(lines[0].starts_with("Ask a steward."), "{lines:?}");
    assert!(!lines[0].contains('\u{1b}'), "{lines:?}");
    assert!(lines[1].starts_with("Neighbourhood  "), "{lines:?}");
    let devices = refused.run(&["--lang", "en", "device"]);
    let told = String::from_utf8_lossy(&devices.stderr).into_owned();
    assert!(told.contains("Ask a steward."), "{told}");
}
