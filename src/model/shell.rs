//! The shell that is open on a step: what was typed, what came of it, and what it waits for.

use super::Model;
use crate::shared::Shared;
use lab_session::protocol::{CommandKind, Event, OutputPiece, Request, ShellPrompt, ShellView};
use serde::{Deserialize, Serialize};

/// A part of what the shell shows, in the order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A line that was typed, behind its prompt.
    Typed {
        /// The prompt.
        prompt: String,
        /// The line.
        text: String,
    },
    /// What a command printed.
    Output(OutputPiece),
    /// What the lab says of a line.
    Note(Note),
}

/// What the lab says of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A limit interrupted it; the limit in English.
    Limit(String),
    /// A person stopped it.
    Stopped,
    /// Commands that were worked out by a model.
    Modelled(String),
    /// Commands that are not simulated.
    Unknown(String),
    /// What a word can be completed to.
    Offer(String),
    /// The shell has ended, with this status.
    Ended(i32),
    /// The state that it was open on is gone.
    Lost,
    /// It was open before the page was loaded anew.
    Reopened,
}

/// What a page that goes leaves of its shell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Left {
    /// On which build it was open; none for the preview.
    pub build: Option<u32>,
    /// On which row.
    pub step: u32,
    /// The text of that row.
    pub text: String,
    /// Whether the row had failed.
    pub failed: bool,
    /// What was run.
    pub ran: Vec<String>,
    /// What was typed.
    pub typed: Vec<String>,
    /// What it showed.
    pub transcript: String,
}

/// The most bytes of what a shell shows that are left: what came last.
const MOST_LEFT: usize = 100_000;

/// The shell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shell {
    /// Counts the shells that were opened.
    pub number: u32,
    /// What it is open on.
    pub view: ShellView,
    /// What it shows.
    pub entries: Vec<Entry>,
    /// How it was when it last waited for a line; none before it is open.
    pub prompt: Option<ShellPrompt>,
    /// Whether a line runs, or the shell is being opened.
    pub busy: bool,
    /// What the line prints that runs.
    pub live: Vec<OutputPiece>,
    /// The lines of a command that is not whole yet.
    pub pending: Vec<String>,
    /// Everything that was run, to be run again by another worker.
    pub ran: Vec<String>,
    /// Every line that was typed, for the keys that bring them back.
    pub typed: Vec<String>,
    /// Whether it has ended.
    pub ended: bool,
    /// Whether another worker is bringing it back.
    restoring: bool,
}

/// What a person does with the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShellAct {
    /// Opens one on a step.
    Open(ShellView),
    /// Opens one again that a reload has closed.
    Reopen(ShellView, Left),
    /// Types a line.
    Type(String),
    /// Gives up the line that is being typed.
    GiveUp(String),
    /// Stopped the line that ran; another worker brings the rest back.
    Stop,
    /// Wants to see nothing of what was.
    Clear,
    /// Asked how a word can be completed.
    Offer(Vec<String>),
    /// Closes it.
    Close,
}

impl Shell {
    /// What stands in front of the line.
    pub fn sign(&self) -> String {
        match &self.prompt {
            _ if !self.pending.is_empty() => "> ".to_owned(),
            Some(prompt) => format!("{} {} ", prompt.cwd, if prompt.root { '#' } else { '$' }),
            None => String::new(),
        }
    }

    /// Everything that it shows, as text.
    pub fn transcript(&self) -> String {
        let mut text = String::new();
        let live = self.live.iter().map(|piece| piece.text.as_str());
        for entry in &self.entries {
            match entry {
                Entry::Typed { prompt, text: line } => {
                    if !text.is_empty() && !text.ends_with('\n') {
                        text.push('\n');
                    }
                    text.push_str(&format!("{prompt}{line}\n"));
                }
                Entry::Output(piece) => text.push_str(&piece.text),
                Entry::Note(_) => {}
            }
        }
        text.extend(live);
        text
    }

    /// What is needed to open it again in another page.
    pub fn left(&self) -> Left {
        let transcript = self.transcript();
        let cut = transcript.len().saturating_sub(MOST_LEFT);
        // A line that is cut would say something else.
        let from = if cut == 0 {
            0
        } else {
            transcript.as_bytes()[cut..]
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(transcript.len(), |at| cut + at + 1)
        };
        Left {
            build: self.view.build,
            step: self.view.step,
            text: self.view.text.clone(),
            failed: self.view.failed,
            ran: self.ran.clone(),
            typed: self.typed.clone(),
            transcript: transcript[from..].to_owned(),
        }
    }

    /// The request that brings it back in another worker.
    pub fn restored(&self) -> Request {
        Request::OpenShell {
            build: self.view.build,
            step: self.view.step,
            lines: self.ran.clone(),
            interrupted: self.busy,
        }
    }

    fn settle(&mut self) {
        self.busy = false;
        self.entries.extend(std::mem::take(&mut self.live).into_iter().map(Entry::Output));
    }

    fn note(&mut self, note: Note) {
        self.entries.push(Entry::Note(note));
    }

    fn lose(&mut self) {
        self.settle();
        self.note(Note::Lost);
        self.ended = true;
    }

    fn take_prompt(&mut self, prompt: ShellPrompt) {
        self.settle();
        if !prompt.incomplete {
            if !self.pending.is_empty() {
                self.ran.push(std::mem::take(&mut self.pending).join("\n"));
            }
            let of = |kind| {
                let names = prompt.commands.iter().filter(|command| command.kind == kind);
                names.map(|command| command.name.clone()).collect::<Vec<_>>().join(", ")
            };
            let (modelled, unknown) = (of(CommandKind::Modelled), of(CommandKind::Unknown));
            if !modelled.is_empty() {
                self.note(Note::Modelled(modelled));
            }
            if !unknown.is_empty() {
                self.note(Note::Unknown(unknown));
            }
        }
        if let Some(limit) = &prompt.limit {
            self.note(Note::Limit(limit.clone()));
        }
        if prompt.closed {
            self.note(Note::Ended(prompt.status));
            self.ended = true;
        }
        self.prompt = Some(prompt);
    }
}

impl Model {
    /// Does what a person wants of the shell.
    #[inline(never)]
    pub(super) fn act_in_shell(&mut self, act: ShellAct) {
        if let ShellAct::Open(view) = act {
            self.shells += 1;
            let shell = Shell { number: self.shells, view, busy: true, ..Shell::default() };
            self.shell = Some(Shared::new(shell));
            return;
        }
        if let ShellAct::Reopen(view, left) = act {
            self.shells += 1;
            let Left { ran, typed, transcript, .. } = left;
            let mut shell = Shell {
                number: self.shells,
                view,
                busy: true,
                restoring: true,
                ran,
                typed,
                ..Shell::default()
            };
            if !transcript.is_empty() {
                shell.entries.push(Entry::Output(OutputPiece { error: false, text: transcript }));
            }
            shell.note(Note::Reopened);
            self.shell = Some(Shared::new(shell));
            return;
        }
        let Some(shared) = &mut self.shell else { return };
        let shell = shared.make_mut();
        match act {
            ShellAct::Open(_) | ShellAct::Reopen(..) => {}
            ShellAct::Type(text) => {
                let entry = Entry::Typed { prompt: shell.sign(), text: text.clone() };
                shell.entries.push(entry);
                if !text.trim().is_empty() && shell.typed.last() != Some(&text) {
                    shell.typed.push(text.clone());
                }
                shell.pending.push(text);
                shell.busy = true;
            }
            ShellAct::GiveUp(text) => {
                let entry = Entry::Typed { prompt: shell.sign(), text: format!("{text}^C") };
                shell.entries.push(entry);
                shell.pending.clear();
            }
            ShellAct::Stop => {
                shell.restoring = true;
                if shell.busy {
                    shell.settle();
                    shell.note(Note::Stopped);
                }
                shell.pending.clear();
                shell.busy = true;
            }
            ShellAct::Clear => shell.entries.clear(),
            ShellAct::Offer(words) => shell.note(Note::Offer(words.join("  "))),
            ShellAct::Close => self.shell = None,
        }
    }

    /// Takes in what the session says of the shell, and of a step that runs.
    #[inline(never)]
    pub(super) fn hear_shell(&mut self, event: Event) {
        if let Event::Running { row, name, news } = event {
            let same = self.running.as_ref().is_some_and(|running| running.name == name);
            let mut running = match &self.running {
                Some(running) if same => (**running).clone(),
                _ => Running { row, name, pieces: Vec::new() },
            };
            running.pieces.truncate(news.kept as usize);
            running.pieces.extend(news.pieces);
            self.running = Some(Shared::new(running));
            return;
        }
        let Some(shared) = &mut self.shell else { return };
        let shell = shared.make_mut();
        match event {
            // The text was edited meanwhile: it is another step that came back.
            Event::ShellOpened { shell: view } if shell.restoring && view.text != shell.view.text => {
                shell.lose();
            }
            Event::ShellOpened { shell: view } => shell.view = view,
            Event::ShellOutput { news } => {
                shell.live.truncate(news.kept as usize);
                shell.live.extend(news.pieces);
            }
            Event::ShellPrompt { .. } if shell.ended => {}
            Event::ShellPrompt { prompt } => {
                shell.restoring = false;
                shell.take_prompt(prompt);
            }
            // It could not be opened, or not be brought back.
            Event::Failed { .. } if shell.prompt.is_none() => self.shell = None,
            Event::Failed { .. } => shell.lose(),
            _ => {}
        }
    }

    /// Whether an error is about the shell that is open.
    #[inline(never)]
    pub(super) fn is_of_shell(&self, code: &str) -> bool {
        let waits = self.shell.as_ref().is_some_and(|shell| shell.restoring || shell.prompt.is_none());
        code.starts_with("shell/") || (waits && code.starts_with("build/unknown"))
    }
}

/// A step that has run for a while.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Running {
    /// Its row, where it has one.
    pub row: Option<u32>,
    /// BuildKit's name of it.
    pub name: String,
    /// What it printed so far.
    pub pieces: Vec<OutputPiece>,
}

/// The longest text that all words begin with.
pub fn common_start(words: &[String]) -> &str {
    let Some((first, rest)) = words.split_first() else { return "" };
    let shared = |a: &str, b: &str| {
        let same = a.char_indices().zip(b.chars()).find(|((_, a), b)| a != b);
        same.map_or(a.len().min(b.len()), |((at, _), _)| at)
    };
    &first[..rest.iter().fold(first.len(), |length, word| length.min(shared(first, word)))]
}

#[cfg(test)]
mod tests {
    use super::super::Action;
    use super::*;
    use lab_session::protocol::{CommandView, ErrorView, Figure, OutputNews, Reply};

    fn hear(model: &mut Model, event: Event) {
        model.apply(Action::Reply(Reply { generation: 1, events: vec![event], done: true }));
    }

    fn act(model: &mut Model, act: ShellAct) {
        model.apply(Action::Shell(act));
    }

    fn prompt() -> ShellPrompt {
        ShellPrompt { root: true, cwd: "/app".into(), ..ShellPrompt::default() }
    }

    fn opened() -> Model {
        let mut model = Model::default();
        act(&mut model, ShellAct::Open(ShellView::default()));
        assert!(model.shell.as_ref().unwrap().busy);
        hear(&mut model, Event::ShellOpened { shell: ShellView { step: 3, ..ShellView::default() } });
        hear(&mut model, Event::ShellPrompt { prompt: prompt() });
        model
    }

    fn shell(model: &Model) -> &Shell {
        model.shell.as_ref().unwrap()
    }

    fn print(model: &mut Model, kept: u32, text: &str) {
        let pieces = vec![OutputPiece { error: false, text: text.into() }];
        hear(model, Event::ShellOutput { news: OutputNews { kept, pieces } });
    }

    #[test]
    fn a_line_runs_and_its_output_stays() {
        let mut model = opened();
        assert_eq!((shell(&model).sign(), shell(&model).busy), ("/app # ".into(), false));
        act(&mut model, ShellAct::Type("ls".into()));
        assert!(shell(&model).busy);
        print(&mut model, 0, "a\n");
        print(&mut model, 0, "b\n");
        print(&mut model, 1, "c\n");
        assert_eq!(shell(&model).transcript(), "/app # ls\nb\nc\n");
        hear(&mut model, Event::ShellPrompt { prompt: prompt() });
        assert_eq!((shell(&model).live.len(), &*shell(&model).ran), (0, &["ls".to_owned()][..]));
        assert_eq!(shell(&model).transcript(), "/app # ls\nb\nc\n");
    }

    #[test]
    fn a_command_over_several_lines_is_run_as_one() {
        let mut model = opened();
        act(&mut model, ShellAct::Type("if true".into()));
        hear(&mut model, Event::ShellPrompt { prompt: ShellPrompt { incomplete: true, ..prompt() } });
        assert_eq!((shell(&model).sign(), shell(&model).ran.len()), ("> ".into(), 0));
        act(&mut model, ShellAct::Type("then ls; fi".into()));
        hear(&mut model, Event::ShellPrompt { prompt: prompt() });
        assert_eq!(shell(&model).ran, ["if true\nthen ls; fi"]);
        assert_eq!(shell(&model).typed.len(), 2);
        act(&mut model, ShellAct::Type("if".into()));
        hear(&mut model, Event::ShellPrompt { prompt: ShellPrompt { incomplete: true, ..prompt() } });
        act(&mut model, ShellAct::GiveUp("x".into()));
        assert_eq!((shell(&model).sign(), shell(&model).ran.len()), ("/app # ".into(), 1));
        assert!(shell(&model).transcript().ends_with("> x^C\n"));
    }

    #[test]
    fn a_line_that_was_stopped_is_not_run_again() {
        let mut model = opened();
        act(&mut model, ShellAct::Type("cd /".into()));
        hear(&mut model, Event::ShellPrompt { prompt: prompt() });
        act(&mut model, ShellAct::Type("yes".into()));
        let lines = vec!["cd /".to_owned()];
        assert_eq!(
            shell(&model).restored(),
            Request::OpenShell { build: None, step: 3, lines, interrupted: true }
        );
        act(&mut model, ShellAct::Stop);
        hear(&mut model, Event::ShellOpened { shell: ShellView { step: 3, ..ShellView::default() } });
        hear(&mut model, Event::ShellPrompt { prompt: ShellPrompt { status: 130, ..prompt() } });
        assert_eq!((shell(&model).busy, shell(&model).ran.len()), (false, 1));
        assert_eq!(shell(&model).entries.last(), Some(&Entry::Note(Note::Stopped)));
    }

    #[test]
    fn one_that_a_reload_closed_is_as_it_was() {
        let mut model = opened();
        act(&mut model, ShellAct::Type("cd /srv".into()));
        print(&mut model, 0, "there\n");
        hear(&mut model, Event::ShellPrompt { prompt: prompt() });
        let left = shell(&model).left();
        assert_eq!(
            (left.step, &*left.ran, &*left.transcript),
            (3, &["cd /srv".to_owned()][..], "/app # cd /srv\nthere\n")
        );
        let mut next = Model::default();
        let view = ShellView { step: 3, text: "RUN x".into(), ..ShellView::default() };
        act(&mut next, ShellAct::Reopen(view.clone(), left.clone()));
        hear(&mut next, Event::ShellOpened { shell: view.clone() });
        hear(&mut next, Event::ShellPrompt { prompt: prompt() });
        assert_eq!(
            (shell(&next).ended, shell(&next).busy, shell(&next).left().ran),
            (false, false, left.ran.clone())
        );
        assert!(shell(&next).transcript().starts_with(&left.transcript));
        // Another step has taken the place of that one meanwhile.
        act(&mut next, ShellAct::Reopen(view, left));
        hear(
            &mut next,
            Event::ShellOpened { shell: ShellView { text: "RUN y".into(), ..ShellView::default() } },
        );
        assert!(shell(&next).ended);
    }

    #[test]
    fn of_a_long_transcript_the_last_whole_lines_are_left() {
        let mut model = opened();
        print(&mut model, 0, &"0123456789\n".repeat(MOST_LEFT / 10));
        let left = shell(&model).left().transcript;
        assert!(left.len() <= MOST_LEFT && left.len() > MOST_LEFT - 20 && left.starts_with("0123456789\n"));
    }

    #[test]
    fn what_was_not_really_executed_is_said() {
        let mut model = opened();
        act(&mut model, ShellAct::Type("apk add x; foo".into()));
        let command =
            |name: &str, kind| CommandView { name: name.into(), kind, count: 1, seconds: Figure::default() };
        let commands = vec![
            command("apk", CommandKind::Modelled),
            command("ls", CommandKind::Executed),
            command("foo", CommandKind::Unknown),
        ];
        hear(&mut model, Event::ShellPrompt { prompt: ShellPrompt { commands, ..prompt() } });
        let notes = [Entry::Note(Note::Modelled("apk".into())), Entry::Note(Note::Unknown("foo".into()))];
        assert_eq!(shell(&model).entries[1..], notes);
    }

    #[test]
    fn one_that_ends_or_cannot_be_opened_is_gone() {
        let mut model = opened();
        act(&mut model, ShellAct::Type("exit 3".into()));
        hear(&mut model, Event::ShellPrompt { prompt: ShellPrompt { closed: true, status: 3, ..prompt() } });
        assert!(shell(&model).ended);
        assert_eq!(shell(&model).entries.last(), Some(&Entry::Note(Note::Ended(3))));
        act(&mut model, ShellAct::Close);
        assert!(model.shell.is_none());
        act(&mut model, ShellAct::Open(ShellView::default()));
        let error = ErrorView { code: "shell/none".into(), subject: String::new(), detail: String::new() };
        hear(&mut model, Event::Failed { error });
        assert!(model.shell.is_none() && model.failure.is_some());
    }

    #[test]
    fn what_a_step_prints_is_there_until_the_build_is() {
        let mut model = Model::default();
        let news = |kept, text: &str| OutputNews {
            kept,
            pieces: vec![OutputPiece { error: false, text: text.into() }],
        };
        let running = |news| Event::Running { row: Some(1), name: "[2/2] RUN x".into(), news };
        hear_on(&mut model, running(news(0, "a\n")));
        hear_on(&mut model, running(news(1, "b\n")));
        let pieces = &model.running.as_ref().unwrap().pieces;
        assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<String>(), "a\nb\n");
        hear(&mut model, Event::Progress { done: 1, total: 1 });
        assert!(model.running.is_none());
    }

    /// As [`hear`], with more to come.
    fn hear_on(model: &mut Model, event: Event) {
        model.apply(Action::Reply(Reply { generation: 1, events: vec![event], done: false }));
    }

    #[test]
    fn words_share_a_beginning() {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(common_start(&words(&["export", "expr", "expand"])), "exp");
        assert_eq!(common_start(&words(&["가나", "가다"])), "가");
        assert_eq!(common_start(&words(&["a"])), "a");
        assert_eq!(common_start(&[]), "");
    }
}
