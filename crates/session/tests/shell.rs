//! The shell that opens on a step, and what is said while a command runs.

mod support;

use lab_session::Session;
use lab_session::protocol::{
    CommandKind, Envelope, Event, OutputPiece, Request, ShellPrompt, ShellView, State,
};
use support::{Lab, row, states};

const SHOP: &str = "FROM alpine\nARG FLAVOUR=plain\nENV COLOUR=red\nWORKDIR /app\nCOPY a.txt .\n\
                    RUN adduser -D me && echo built > built.txt\nUSER me\n";

/// Opens a shell on the row of the preview with this text.
fn open(lab: &mut Lab, text: &str) -> (ShellView, ShellPrompt) {
    let step = row(lab.preview(), text).id;
    open_on(lab, None, step, &[])
}

fn open_on(lab: &mut Lab, build: Option<u32>, step: u32, lines: &[&str]) -> (ShellView, ShellPrompt) {
    let lines = lines.iter().map(|line| (*line).to_owned()).collect();
    let events = lab.send(Request::OpenShell { build, step, lines, interrupted: false });
    let mut shells = events.iter().filter_map(|event| match event {
        Event::ShellOpened { shell } => Some(shell.clone()),
        _ => None,
    });
    (shells.next().unwrap_or_else(|| panic!("{events:?}")), prompt(&events))
}

fn prompt(events: &[Event]) -> ShellPrompt {
    let prompts = events.iter().filter_map(|event| match event {
        Event::ShellPrompt { prompt } => Some(prompt.clone()),
        _ => None,
    });
    let mut prompts = prompts;
    prompts.next_back().unwrap_or_else(|| panic!("{events:?}"))
}

/// All that was told to be printed, with what was taken back left out; `!` before what went to the standard error.
fn printed<'a>(news: impl Iterator<Item = &'a lab_session::protocol::OutputNews>) -> String {
    let mut pieces: Vec<&OutputPiece> = Vec::new();
    for news in news {
        pieces.truncate(news.kept as usize);
        pieces.extend(&news.pieces);
    }
    let shown = |piece: &&OutputPiece| format!("{}{}", if piece.error { "!" } else { "" }, piece.text);
    pieces.iter().map(shown).collect()
}

fn type_in(lab: &mut Lab, text: &str) -> (String, ShellPrompt) {
    let events = lab.send(Request::ShellInput { text: text.into() });
    let news = events.iter().filter_map(|event| match event {
        Event::ShellOutput { news } => Some(news),
        _ => None,
    });
    (printed(news), prompt(&events))
}

fn shop() -> Lab {
    let mut lab = Lab::open(&[("Dockerfile", SHOP), ("a.txt", "a\n")]);
    lab.build();
    lab
}

#[test]
fn a_shell_on_a_step_is_in_its_result_with_what_a_command_there_would_find() {
    let mut lab = shop();
    let (shell, prompt) = open(&mut lab, "COPY a.txt .");
    assert_eq!((shell.failed, &*shell.text, &*shell.program), (false, "COPY a.txt .", "/bin/sh"));
    assert_eq!((&*prompt.user, prompt.root, &*prompt.cwd, prompt.status), ("root", true, "/app", 0));
    assert_eq!(type_in(&mut lab, "ls; echo $COLOUR $FLAVOUR").0, "a.txt\nred plain\n");
    open(&mut lab, "RUN adduser -D me && echo built > built.txt");
    assert_eq!(type_in(&mut lab, "cat built.txt; id -un").0, "built\nroot\n");
    // What changes only the configuration stands on the step above.
    let (_, prompt) = open(&mut lab, "USER me");
    assert_eq!((&*prompt.user, prompt.root), ("me", false));
    let (said, prompt) = type_in(&mut lab, "echo x > built.txt");
    assert_eq!(said, "!/bin/sh: can't create built.txt: Permission denied\n");
    assert_eq!((prompt.status, prompt.changed), (1, 0));
    let (_, prompt) = open(&mut lab, "FROM alpine");
    assert_eq!(&*prompt.cwd, "/");
    let (_, prompt) = open_on(&mut lab, Some(1), 4, &[]);
    assert_eq!((&*prompt.cwd, prompt.changed), ("/app", 0));
}

#[test]
fn nothing_that_is_done_there_stays() {
    let mut lab = shop();
    open(&mut lab, "COPY a.txt .");
    let (_, prompt) = type_in(&mut lab, "echo b > a.txt; rm /etc/group; mkdir new; apk --version");
    let changes: Vec<&str> = prompt.changes.iter().map(|change| &*change.path).collect();
    assert_eq!((prompt.changed, changes), (3, vec!["/app/a.txt", "/app/new/", "/etc/group"]));
    let kinds: Vec<(&str, CommandKind)> =
        prompt.commands.iter().map(|command| (&*command.name, command.kind)).collect();
    assert_eq!(
        kinds,
        [("rm", CommandKind::Executed), ("mkdir", CommandKind::Executed), ("apk", CommandKind::Modelled)]
    );
    let saved = lab.save();
    assert!(states(&lab.build()).iter().all(|state| !state.ends_with("miss")));
    open(&mut lab, "COPY a.txt .");
    assert_eq!(type_in(&mut lab, "cat a.txt").0, "a\n");
    lab.send(Request::CloseShell);
    lab.send(Request::ShellInput { text: "ls".into() });
    assert_eq!(lab.error().as_deref(), Some("shell/closed"));
    assert_eq!(saved.builds.len(), 1);
}

#[test]
fn a_shell_on_a_failed_step_is_just_before_the_command_that_failed() {
    let text = "FROM alpine\nRUN --mount=type=bind,target=/src --mount=type=cache,target=/cache \
                set -e; n=1; echo before > /f; cd /etc; echo new > /cache/kept; cat /none; echo after > /f\n";
    let mut lab = Lab::open(&[("Dockerfile", text), ("a.txt", "a\n")]);
    let failed = lab.preview().steps[1].clone();
    assert_eq!(failed.state, State::Failed);
    let (shell, prompt) = open_on(&mut lab, None, failed.id, &[]);
    assert_eq!((shell.failed, shell.before.as_deref()), (true, Some("cat /none")));
    assert_eq!(shell.mounts, ["/cache", "/src"]);
    assert_eq!((&*prompt.cwd, prompt.status, prompt.changed), ("/etc", 0, 0));
    assert_eq!(type_in(&mut lab, "cat /f /src/a.txt /cache/kept; echo $n").0, "before\na\nnew\n1\n");
    let (said, prompt) = type_in(&mut lab, "cat /none");
    assert_eq!((&*said, prompt.status), ("!cat: can't open '/none': No such file or directory\n", 1));
    // A step that failed before it ran has the state of the step above.
    lab.edit("Dockerfile", "FROM alpine\nRUN echo x > /x\n");
    lab.build();
    lab.edit("Dockerfile", "FROM alpine\nRUN echo x > /x\nCOPY none /\n");
    let (shell, _) = open(&mut lab, "COPY none /");
    assert_eq!((shell.failed, shell.before), (true, None));
    assert_eq!(type_in(&mut lab, "cat /x").0, "x\n");
}

#[test]
fn lines_are_asked_for_until_a_command_is_whole() {
    let mut lab = shop();
    open(&mut lab, "COPY a.txt .");
    let (said, prompt) = type_in(&mut lab, "for i in 1 2");
    assert_eq!((&*said, prompt.incomplete), ("", true));
    let (said, prompt) = type_in(&mut lab, "for i in 1 2\ndo echo $i\ndone");
    assert_eq!((&*said, prompt.incomplete), ("1\n2\n", false));
    let (_, prompt) = type_in(&mut lab, "exit 7");
    assert_eq!((prompt.closed, prompt.status), (true, 7));
    lab.send(Request::CompleteInput { text: "l".into(), at: 1 });
    assert_eq!(lab.error().as_deref(), Some("shell/closed"));
}

#[test]
fn a_shell_whose_worker_went_away_comes_back_as_it_was() {
    let mut lab = shop();
    let step = row(lab.preview(), "COPY a.txt .").id;
    let (_, prompt) = open_on(&mut lab, None, step, &["cd /etc", "x=5; echo new > /f; false"]);
    assert_eq!((&*prompt.cwd, prompt.status, prompt.changed), ("/etc", 1, 1));
    assert_eq!(type_in(&mut lab, "echo $x; cat /f").0, "5\nnew\n");
    // In a new session, which nobody asked for a preview.
    let project = lab.save();
    let mut lab = Lab::new();
    lab.preview_wanted = false;
    lab.send(Request::Open { project });
    let lines = vec!["cd /etc".to_owned()];
    let events = lab.send(Request::OpenShell { build: None, step, lines, interrupted: true });
    let prompt = self::prompt(&events);
    assert_eq!((&*prompt.cwd, prompt.status), ("/etc", 130));
}

#[test]
fn a_line_may_wait_for_a_part_of_the_catalogue() {
    let mut lab = shop();
    open(&mut lab, "COPY a.txt .");
    let (said, prompt) = type_in(&mut lab, "echo on; apk add curl > /dev/null; echo $?");
    assert_eq!((&*said, prompt.status), ("on\n0\n", 0));
    assert!(prompt.changed > 3, "{prompt:?}");
}

#[test]
fn tab_completes_with_the_columns_of_the_editor() {
    let mut lab = shop();
    open(&mut lab, "COPY a.txt .");
    let text = "echo '안녕' 😀; cat a.";
    let at = text.encode_utf16().count() as u32;
    let events = lab.send(Request::CompleteInput { text: text.into(), at });
    assert_eq!(events, [Event::Completed { from: at - 2, words: vec!["a.txt".into()] }]);
}

#[test]
fn where_there_is_no_shell_none_opens() {
    let mut lab = Lab::open(&[("Dockerfile", "FROM scratch\nCOPY a.txt /\n"), ("a.txt", "a\n")]);
    lab.send(Request::OpenShell { build: None, step: 1, lines: Vec::new(), interrupted: false });
    assert_eq!(lab.error().as_deref(), Some("shell/none"));
    lab.send(Request::OpenShell { build: None, step: 9, lines: Vec::new(), interrupted: false });
    assert_eq!(lab.error().as_deref(), Some("shell/nowhere"));
    // BuildKit stops the RUN for the COPY that cannot be done: there is no state between them.
    lab.edit("Dockerfile", "FROM alpine\nRUN echo x > /x\nCOPY none /\n");
    lab.send(Request::OpenShell { build: None, step: 2, lines: Vec::new(), interrupted: false });
    assert_eq!(lab.error().as_deref(), Some("shell/nowhere"));
}

#[test]
fn what_a_long_step_prints_is_told_while_it_runs() {
    let text = "FROM alpine\nRUN i=0; while [ $i -lt 6000 ]; do i=$((i+1)); echo line $i; done; cat /none\n";
    let mut lab = Lab::open(&[("Dockerfile", "FROM alpine\n")]);
    let events = lab.edit("Dockerfile", text);
    let running: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Running { row, name, news } => Some((*row, name.as_str(), news)),
            _ => None,
        })
        .collect();
    assert!(running.len() > 1, "{}", running.len());
    assert_eq!(running[0].0, Some(1));
    assert!(running[0].1.starts_with("[2/2] RUN i=0"));
    let told = printed(running.iter().map(|(_, _, news)| *news));
    let all: String = (1..=6000).map(|n| format!("line {n}\n")).collect();
    assert!(told.len() > 10_000 && all.starts_with(&told));
}

#[test]
fn a_line_without_end_is_stopped_by_a_limit_of_the_lab() {
    let mut lab = shop();
    open(&mut lab, "COPY a.txt .");
    let (_, prompt) = type_in(&mut lab, "while :; do :; done");
    assert_eq!(prompt.status, 130);
    assert_eq!(prompt.limit.as_deref(), Some("stopped after 2000000 steps of the shell (limit shell_steps)"));
    assert_eq!(type_in(&mut lab, "echo on").0, "on\n");
}

#[test]
fn a_shell_changes_nothing_that_is_stored() {
    let requests = [
        Request::OpenShell { build: None, step: 0, lines: Vec::new(), interrupted: false },
        Request::ShellInput { text: String::new() },
        Request::CompleteInput { text: String::new(), at: 0 },
        Request::CloseShell,
    ];
    assert!(requests.iter().all(|request| !request.changes_project()));
    let mut session = Session::new();
    let request = Request::CloseShell;
    assert_eq!(session.handle(Envelope { generation: 1, now: 0.0, preview: true, request }), []);
}
