//! The sentences in both languages.

use super::names::LONGEST_CODE;
use super::*;
use crate::samples::{build, error, step};
use lab_session::protocol::{BuildErrorView, DiagnosticView, Figure, StandIn};

fn changed(path: &str) -> Cause {
    Cause::FileChanged { path: path.to_owned(), before: 10.0, after: 15.0, diff: Vec::new() }
}

fn finding(message: &str, line: u32) -> DiagnosticView {
    DiagnosticView {
        code: String::new(),
        severity: "error".to_owned(),
        from: 0,
        to: 1,
        line,
        message: message.to_owned(),
        help: None,
        url: None,
        fix: None,
    }
}

fn cascade(causes: Vec<Cause>) -> BuildView {
    let mut copy = step(1, "COPY . .", State::Miss);
    let count = causes.len() as u32;
    copy.why = Some(Why { against: Some(4), causes, matched: 5, changed: count, ..Why::default() });
    let mut run = step(2, "RUN npm install", State::Follows);
    run.root = Some(1);
    build(vec![step(0, "FROM node:22", State::Hit), copy, run])
}

fn say(lang: Lang, build: &BuildView, id: usize) -> String {
    let step = &build.steps[id];
    letters(&sentence(lang, build, step, step.why.as_ref()))
}

#[test]
fn a_changed_file() {
    let build = cascade(vec![changed("server.js")]);
    assert_eq!(say(Lang::En, &build, 1), "COPY . . missed because server.js changed, 1 of 5 matched files.");
    assert_eq!(
        say(Lang::Ko, &build, 1),
        "server.js가 바뀌어 COPY . . 단계의 캐시가 맞지 않습니다. 대상 파일 5개 중 1개가 바뀌었습니다."
    );
}

#[test]
fn the_cause_is_marked_and_the_instruction_is_code() {
    let build = cascade(vec![changed("server.js")]);
    let pieces = sentence(Lang::En, &build, &build.steps[1], build.steps[1].why.as_ref());
    assert!(pieces.contains(&Piece::Cause("server.js".to_owned())));
    assert!(pieces.contains(&Piece::Code("COPY . .".to_owned())));
}

#[test]
fn several_files_share_a_sentence() {
    let build = cascade(vec![changed("a.js"), changed("b.js"), changed("c.js"), changed("d.js")]);
    assert_eq!(
        say(Lang::En, &build, 1),
        "COPY . . missed because a.js, b.js and 2 more changed, 4 of 5 matched files."
    );
    assert!(say(Lang::Ko, &build, 1).starts_with("a.js, b.js 외 2개가 바뀌어"));
}

#[test]
fn a_follower_names_the_root_and_its_cause() {
    let build = cascade(vec![changed("server.js")]);
    assert_eq!(
        say(Lang::En, &build, 2),
        "RUN npm install ran again only because COPY . . above it missed. server.js changed."
    );
    assert_eq!(
        say(Lang::Ko, &build, 2),
        "위의 COPY . . 단계가 미스라서 RUN npm install 단계도 다시 실행했습니다. server.js가 바뀌었습니다."
    );
}

#[test]
fn particles_follow_the_name() {
    let build = cascade(vec![Cause::FileAdded { path: "src/index.html".to_owned(), size: 1.0 }]);
    assert!(say(Lang::Ko, &build, 1).starts_with("src/index.html이 새로 생겨"));
}

#[test]
fn only_the_words_that_differ_are_the_cause() {
    assert_eq!(differing("npm install", "npm ci"), ("install", "ci"));
    assert_eq!(differing("npm install --omit dev", "npm install --omit test"), ("dev", "test"));
    assert_eq!(differing("npm install", "npm install -g"), ("npm install", "npm install -g"));
    assert_eq!(differing("a b c", "a x c"), ("b", "x"));
}

#[test]
fn another_kind_of_cause_is_told_below() {
    let mut build =
        cascade(vec![changed("a.js"), changed("b.js"), Cause::FileRemoved { path: "old.js".to_owned() }]);
    let why = build.steps[1].why.take().unwrap();
    let others: Vec<String> =
        other_causes(Lang::En, &build, &why).iter().map(|pieces| letters(pieces)).collect();
    assert_eq!(others, ["old.js is gone."]);
}

#[test]
fn the_comparison_names_its_build() {
    let build = cascade(vec![changed("server.js")]);
    let step = &build.steps[1];
    let text = letters(&against(Lang::En, &build, step, step.why.as_ref().unwrap()));
    assert_eq!(text, "Against build #4, the nearest record. Everything above it held.");
    let text = letters(&against(Lang::Ko, &build, step, step.why.as_ref().unwrap()));
    assert!(text.starts_with("가장 가까운 기록인 빌드 #4와 비교했습니다."), "{text}");
}

#[test]
fn a_hit_says_where_it_is_from_and_what_it_saved() {
    let mut build = build(vec![step(0, "RUN npm install", State::Hit)]);
    build.steps[0].saved = Some(Figure::modelled(6.48));
    build.steps[0].why = Some(Why { hit_build: Some(3), ..Why::default() });
    assert_eq!(say(Lang::En, &build, 0), "RUN npm install is reused from build #3. That saves ~6.5 s.");
}

#[test]
fn a_failure_says_its_exit_code() {
    let mut build = build(vec![step(0, "RUN npm ci", State::Failed)]);
    build.error = Some(BuildErrorView { exit_code: Some(1), ..error("", Some(0)) });
    assert_eq!(say(Lang::En, &build, 0), "RUN npm ci stopped with exit code 1.");
}

#[test]
fn announcements_are_short() {
    let build = cascade(vec![changed("server.js")]);
    assert_eq!(announcement(Lang::En, &build), "1 of 3 hits. COPY . . missed.");
    assert_eq!(announcement(Lang::Ko, &build), "3단계 중 1단계 적중. COPY . . 단계가 미스입니다.");
}

#[test]
fn a_long_command_is_cut_and_not_its_cause() {
    let code = short_code(&format!("RUN {}", "apt-get install -y something \\\n ".repeat(8)));
    assert!(code.chars().count() <= LONGEST_CODE && code.ends_with('…'), "{code}");
}

#[test]
fn what_is_kept_is_said_only_where_something_is_kept() {
    let nothing = Why::default();
    let first = build(vec![step(0, "FROM nosuch", State::Failed), step(1, "RUN x", State::NotRun)]);
    assert!(against(Lang::En, &first, &first.steps[0], &nothing).is_empty());
    let after_meta = build(vec![step(0, "FROM scratch", State::Meta), step(1, "RUN x", State::Failed)]);
    assert!(against(Lang::En, &after_meta, &after_meta.steps[1], &nothing).is_empty());
    for state in [State::Hit, State::Miss, State::Follows] {
        let later = build(vec![step(0, "FROM alpine", state), step(1, "RUN x", State::Failed)]);
        let text = letters(&against(Lang::En, &later, &later.steps[1], &nothing));
        assert_eq!(text, "The steps above it are kept. Nothing below it ran.");
    }
}

#[test]
fn a_from_without_a_step_says_what_it_starts_from() {
    let rule = |text: &str| {
        let build = build(vec![step(0, text, State::Meta)]);
        letters(&against(Lang::En, &build, &build.steps[0], &Why::default()))
    };
    assert_eq!(
        rule("FROM --platform=linux/arm64 scratch"),
        "Everything below starts from an empty filesystem."
    );
    assert_eq!(rule("FROM deps AS scratch"), "Everything below starts from the result of that stage.");
    assert_eq!(rule("FROM $BASE"), "");
    assert_eq!(rule("CMD [\"sh\"]"), "Changing it costs nothing: no step is keyed on it.");
}

#[test]
fn a_text_that_cannot_be_built_says_what_is_wrong_and_where() {
    let mut build = build(Vec::new());
    let said = |build: &BuildView| letters(&not_built(Lang::En, build));
    build.error = Some(error("file with no instructions", None));
    assert_eq!(said(&build), "Nothing was built: file with no instructions");
    build.error = Some(error("unterminated heredoc", Some(2)));
    assert_eq!(said(&build), "Nothing was built, because of line 3: unterminated heredoc");
    build.error = Some(error("dockerfile parse error on line 3: unknown instruction", Some(2)));
    assert_eq!(said(&build), "Nothing was built: dockerfile parse error on line 3: unknown instruction");
    build.diagnostics = vec![finding("unknown instruction: FORM", 0)];
    assert_eq!(said(&build), "Nothing was built, because of line 1: unknown instruction: FORM");
}

#[test]
fn what_the_lab_lacks_or_ends_is_told_from_what_a_build_does() {
    let of = |code: &str, subject: Option<&str>, exit_code: Option<u32>| {
        let mut build = build(vec![step(0, "RUN x", State::Failed)]);
        let subject = subject.map(str::to_owned);
        build.error =
            Some(BuildErrorView { code: code.to_owned(), subject, exit_code, ..error("no", Some(0)) });
        let under = against(Lang::En, &build, &build.steps[0], &Why::default());
        (say(Lang::En, &build, 0), letters(&under))
    };
    assert_eq!(of("build/unknown-image", None, None).0, "RUN x names an image that the lab does not have.");
    assert_eq!(
        of("build/copy-source-missing", Some("a.js"), None).0,
        "RUN x asks for a.js, which is not there."
    );
    assert_eq!(
        of("build/command-failed", None, Some(2)),
        ("RUN x stopped with exit code 2.".into(), String::new())
    );
    let (said, under) = of("build/limit-reached", None, None);
    assert_eq!(said, "The lab ended RUN x. This is a limit of the lab, not of Docker.");
    assert_eq!(under, "A real build would have gone on.");
}

#[test]
fn a_stand_in_is_named_with_what_it_stands_for() {
    let mut from = step(0, "FROM redis", State::Hit);
    assert_eq!(stand_in(Lang::En, &from), None);
    from.stand_in = Some(StandIn { wanted: "redis:latest".into(), shown: "redis:7.4.1".into() });
    let said = stand_in(Lang::Ko, &from).map(|pieces| letters(&pieces));
    assert!(said.unwrap_or_default().starts_with("실습실에 redis:latest가 없어 redis:7.4.1을 대신 씁니다."));
}

#[test]
fn a_layer_is_named_by_its_instruction() {
    for (created_by, name) in [
        ("RUN /bin/sh -c npm  install # buildkit", "RUN npm install"),
        ("COPY . /app # buildkit", "COPY . /app"),
        ("/bin/sh -c #(nop) ADD file:abc in / ", "ADD file:abc in /"),
        ("/bin/sh -c apt-get update", "RUN apt-get update"),
        ("WORKDIR /app", "WORKDIR /app"),
    ] {
        assert_eq!(made_by(created_by), name);
    }
}

#[test]
fn a_fault_in_the_text_is_told_with_the_row() {
    let mut build = build(vec![step(0, "RUNN x", State::Failed)]);
    build.error = Some(error("dockerfile parse error on line 1: unknown instruction: RUNN", Some(0)));
    build.diagnostics = vec![finding("unknown instruction: RUNN", 0)];
    assert_eq!(say(Lang::En, &build, 0), "RUNN x stopped the build: unknown instruction: RUNN");
}

#[test]
fn a_command_that_could_not_be_started_says_why() {
    let mut run = build(vec![step(0, "FROM scratch", State::Meta), step(1, "RUN echo hi", State::Failed)]);
    let failure = |output: &str, exit: u32| BuildErrorView {
        step: Some(1),
        exit_code: Some(exit),
        output: vec![output.to_owned(), String::new()],
        ..error("process did not complete successfully", Some(1))
    };
    let create = "0.064 runc run failed: unable to start container process: ";
    run.error =
        Some(failure(&format!("{create}exec: \"/bin/sh\": stat /bin/sh: no such file or directory"), 1));
    assert_eq!(
        say(Lang::En, &run, 1),
        "RUN echo hi could not be started: exec: \"/bin/sh\": stat /bin/sh: no such file or directory. The exit code is 1."
    );
    let under = |build: &BuildView| letters(&against(Lang::En, build, &build.steps[1], &Why::default()));
    assert!(under(&run).starts_with("A RUN in shell form is started by /bin/sh"));
    run.error = Some(failure("exec /app: exec format error", 255));
    assert!(say(Lang::Ko, &run, 1).contains("exec /app: exec format error"));
    assert_eq!(under(&run), "");
    run.error = Some(failure("exec sounds like a word of a program", 1));
    assert_eq!(say(Lang::En, &run, 1), "RUN echo hi stopped with exit code 1.");
}
