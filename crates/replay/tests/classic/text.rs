//! What a builder said, without what is drawn at random and without what commands print.

/// Numbers for identifiers, in the order in which they are named.
#[derive(Default)]
pub(crate) struct Names(Vec<String>);

impl Names {
    /// The lines of the builder itself.
    pub(crate) fn said(&mut self, text: &str) -> String {
        let lines: Vec<String> =
            text.lines().filter(|line| is_builders(line)).map(|line| self.line(line)).collect();
        lines.join("\n")
    }

    fn line(&mut self, line: &str) -> String {
        let line = line.trim_end_matches('\r');
        let Some((head, id)) = line.rsplit_once(' ').filter(|(_, id)| is_id(id)) else {
            return line.to_owned();
        };
        let known = self.0.iter().position(|known| known == id);
        let at = known.unwrap_or_else(|| {
            self.0.push(id.to_owned());
            self.0.len() - 1
        });
        format!("{head} <{at}>")
    }
}

fn is_builders(line: &str) -> bool {
    [
        "Step ",
        " ---> ",
        "Removing intermediate",
        "Successfully ",
        "[Warning]",
        "# Executing",
        "Sending build context",
    ]
    .iter()
    .any(|head| line.starts_with(head))
}

fn is_id(word: &str) -> bool {
    word.starts_with("<id:") || word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}
