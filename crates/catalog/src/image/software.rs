//! The layers above an operating system: what each instruction of an image's history put there.

use super::accounts;
use super::family::Family;
use super::layer::LayerBuilder;
use super::system::dpkg_status;
use crate::data::images::{Record, Row};

/// What an image adds as a whole, of which each thing goes into the layer that most likely made it.
pub(crate) struct Additions<'a> {
    pub(crate) record: &'a Record,
    pub(crate) family: Family,
    /// The row with the largest layer: programs are here.
    pub(crate) main: usize,
    /// The row that adds users.
    pub(crate) accounts: usize,
}

impl<'a> Additions<'a> {
    pub(crate) fn of(record: &'a Record) -> Self {
        // The first layer of all is the operating system's, unless there is nothing else.
        let all = || record.history.iter().enumerate().filter(|(_, row)| row.size.is_some());
        let skipped = usize::from(record.from.is_none() && record.layers > 1);
        let layers = || all().skip(skipped);
        let main = layers().max_by_key(|(at, row)| (row.size, usize::MAX - at)).map_or(0, |(at, _)| at);
        let adds_users = |row: &Row| ["useradd", "adduser"].iter().any(|word| row.created_by.contains(word));
        let accounts = layers().find(|(_, row)| adds_users(row)).map_or(main, |(at, _)| at);
        Self { record, family: Family::of(record), main, accounts }
    }

    /// Puts the files of row number `at` into its layer.
    pub(crate) fn apply(&self, at: usize, layer: &mut LayerBuilder) {
        let row = &self.record.history[at];
        if at == self.accounts {
            accounts::add_users(layer, &self.record.users);
        }
        if at == self.main {
            self.programs(layer);
        }
        let instruction = Instruction::of(&row.created_by);
        match &instruction {
            Instruction::Workdir(path) => layer.directory(path, 0o755),
            Instruction::Copy { sources, destination } if at != self.main => {
                copy(layer, sources, destination)
            }
            Instruction::Run(command) => run(layer, command, self.family),
            _ => {}
        }
        self.rest(at, layer, &instruction);
    }

    fn programs(&self, layer: &mut LayerBuilder) {
        for directory in &self.record.directories {
            layer.directory(directory, 0o755);
        }
        if !self.record.packages.is_empty() {
            let status = layer.tree().read_text("/var/lib/dpkg/status").unwrap_or_default().to_owned();
            layer.text("/var/lib/dpkg/status", 0o644, status + &dpkg_status(&self.record.packages));
        }
        self.family.install(self.record, layer);
    }

    /// Whatever of the size has no file yet.
    fn rest(&self, at: usize, layer: &mut LayerBuilder, instruction: &Instruction) {
        if layer.left() == 0 {
            return;
        }
        match instruction {
            _ if at == self.main => layer.fill(&self.family.files(self.record)),
            _ if at == self.accounts => {
                let home = self.record.users.first().and_then(|user| user.split(':').nth(3));
                let home = home.filter(|home| home.starts_with("/home/")).unwrap_or("/etc/skel");
                layer.fill(&[
                    (&format!("{home}/.profile"), 2),
                    (&format!("{home}/.bashrc"), 8),
                    ("/etc/passwd-", 2),
                ]);
            }
            _ => {
                // A directory of its own for each row, so that layers do not write over one another.
                let place = format!("/usr/share/{}/step-{at}", self.family.name());
                layer.fill(&[(&format!("{place}/data"), 7), (&format!("{place}/library"), 3)]);
            }
        }
    }
}

/// A row of the history, as far as it says where files went.
enum Instruction<'a> {
    Workdir(&'a str),
    Copy { sources: Vec<&'a str>, destination: &'a str },
    Run(&'a str),
    Other,
}

impl<'a> Instruction<'a> {
    fn of(created_by: &'a str) -> Self {
        let text = created_by.trim_end_matches("# buildkit").trim_end();
        let text = text.trim_start_matches("/bin/sh -c #(nop) ");
        if let Some(path) = text.strip_prefix("WORKDIR ") {
            return Self::Workdir(path.trim());
        }
        if let Some(rest) = text.strip_prefix("COPY ").or_else(|| text.strip_prefix("ADD ")) {
            let mut words: Vec<&str> =
                rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
            let Some(destination) = words.pop().filter(|word| word.starts_with('/')) else {
                return Self::Other;
            };
            return Self::Copy { sources: words, destination };
        }
        match text.strip_prefix("RUN /bin/sh -c ").or_else(|| text.strip_prefix("/bin/sh -c ")) {
            Some(command) => Self::Run(command),
            None => Self::Other,
        }
    }
}

/// Gives the copied files the whole size of the layer.
fn copy(layer: &mut LayerBuilder, sources: &[&str], destination: &str) {
    let into = destination.ends_with('/')
        || sources.len() > 1
        || layer.tree().stat(destination).is_ok_and(|node| node.is_directory());
    let share = layer.left() / sources.len().max(1) as u64;
    for (at, source) in sources.iter().enumerate() {
        let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or(source).replace('*', "all");
        let path = match (into, name.is_empty()) {
            (true, false) => format!("{}/{name}", destination.trim_end_matches('/')),
            _ => destination.trim_end_matches('/').to_owned(),
        };
        let size = if at + 1 == sources.len() { layer.left() } else { share };
        layer.opaque(&path, 0o755, size);
    }
}

/// The little things that history rows do in so many words.
fn run(layer: &mut LayerBuilder, command: &str, family: Family) {
    let words: Vec<&str> = command.split_whitespace().collect();
    match words.as_slice() {
        ["ln", "-s" | "-sT", target, link, ..] if link.starts_with('/') => {
            layer.link(link, &target.replace("${MAVEN_HOME}", "/usr/share/maven"));
        }
        ["mkdir", rest @ ..] => {
            for path in rest.iter().take_while(|word| **word != "&&").filter(|word| word.starts_with('/')) {
                layer.directory(path, 0o755);
            }
        }
        _ => family.run(layer, command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_engine::vfs::Tree;

    #[test]
    fn copied_files_land_where_the_row_says() {
        for (by, path) in [
            ("COPY docker-entrypoint.sh /usr/local/bin/ # buildkit", "/usr/local/bin/docker-entrypoint.sh"),
            ("COPY docker-entrypoint.sh / # buildkit", "/docker-entrypoint.sh"),
            ("COPY --chmod=755 entrypoint.sh /__cacert_entrypoint.sh # buildkit", "/__cacert_entrypoint.sh"),
        ] {
            let mut layer = LayerBuilder::new(Tree::new(), 100, 0, "test");
            let Instruction::Copy { sources, destination } = Instruction::of(by) else { panic!("{by}") };
            copy(&mut layer, &sources, destination);
            assert_eq!(layer.tree().entry(path).map(|node| node.size()), Some(100), "{by}");
        }
    }
}
