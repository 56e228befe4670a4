//! What is said of a fault of the program that was not the front end's own.

use std::path::Path;

use super::{App, Context, Task, chrome};

impl App {
    /// Tells of it in the status line.
    pub(super) fn on_fault(&mut self, file: Option<&Path>) -> Vec<Task> {
        let (_, context) = self.parts();
        let told = told(file, &context);
        self.say(told);
        Vec::new()
    }
}

/// Names the file. Where there is no room for the whole path its end is enough: it lies in the
/// home, and the shell says where when the person leaves.
fn told(file: Option<&Path>, context: &Context<'_>) -> String {
    let Some(file) = file else {
        return context.words.text("fault-kept");
    };
    let naming = |file: String| {
        let values = [("file", file.into())];
        context.words.with("fault-recorded", &values)
    };
    let whole = naming(file.display().to_string());
    let fits = chrome::columns(&whole, context.look().ambiguous) < context.width;
    match file.file_name() {
        Some(name) if !fits => naming(name.display().to_string()),
        _ => whole,
    }
}
