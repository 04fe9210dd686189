//! What `parse` gives for whole texts.

use super::*;
use crate::text::TextRange;
use proptest::prelude::*;

fn first_error(text: &str) -> String {
    parse(text).value.error().map(|error| error.message.clone()).unwrap_or_default()
}

fn only(text: &str) -> Instruction {
    let parsed = parse(&format!("FROM a\n{text}"));
    assert_eq!(parsed.diagnostics, [], "{text}");
    parsed.value.stages[0].instructions[0].clone()
}

#[test]
fn stages_and_global_arguments() {
    let text =
        "# syntax=docker/dockerfile:1\nARG V=1 W\nFROM --platform=$P a:$V AS Build\nRUN x\n\nFROM Build\n";
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, []);
    let dockerfile = parsed.value;
    assert_eq!(dockerfile.directive("syntax").unwrap().value, "docker/dockerfile:1");
    let InstructionKind::Arg(args) = &dockerfile.global_args[0].kind else { panic!("no ARG") };
    assert_eq!(args[0], ArgDefinition { name: "V".into(), value: Some("1".into()) });
    assert_eq!(args[1], ArgDefinition { name: "W".into(), value: None });
    let [build, last] = dockerfile.stages.as_slice() else { panic!("not two stages") };
    assert_eq!((build.name.as_deref(), build.base.as_str()), (Some("build"), "a:$V"));
    assert_eq!(build.platform.as_deref(), Some("$P"));
    assert_eq!(build.range.of(text), "FROM --platform=$P a:$V AS Build\nRUN x");
    assert_eq!((last.index, last.base.as_str()), (1, "Build"));
    assert_eq!(dockerfile.instructions().count(), 4);
}

#[test]
fn heredocs_belong_to_their_instruction() {
    let run = only("RUN <<A cat <<-'B'\n\t1\nA\n\t2\n\tB\n");
    assert_eq!((run.start_line, run.end_line), (2, 6));
    assert_eq!(run.text, "RUN <<A cat <<-'B'");
    let InstructionKind::Run(run) = run.kind else { panic!("no RUN") };
    let [a, b] = run.command.heredocs.as_slice() else { panic!("not two heredocs") };
    assert_eq!((a.content.as_str(), a.expand, a.text().as_str()), ("\t1\n", true, "\t1\n"));
    assert_eq!((b.content.as_str(), b.expand, b.text().as_str()), ("\t2\n", false, "2\n"));

    let InstructionKind::Copy(copy) = only("COPY <<x y <<\"z\" /d/\n1\nx\n$2\nz").kind else {
        panic!("no COPY")
    };
    assert_eq!(copy.files.paths, ["y"]);
    assert_eq!(copy.files.destination, "/d/");
    let inline: Vec<_> =
        copy.files.inline.iter().map(|file| (file.name.as_str(), file.data.as_str(), file.expand)).collect();
    assert_eq!(inline, [("x", "1\n", true), ("z", "$2\n", false)]);
    assert_eq!(first_error("FROM a\nRUN <<X\nx"), "unterminated heredoc");
}

#[test]
fn json_forms_fall_back_to_the_shell_form() {
    let InstructionKind::Cmd(cmd) = only(r#"CMD ["a", "b"]"#).kind else { panic!("no CMD") };
    assert_eq!(cmd.form, CommandForm::Exec(vec!["a".into(), "b".into()]));
    let InstructionKind::Cmd(cmd) = only("CMD ['a', 'b']").kind else { panic!("no CMD") };
    assert_eq!(cmd.form, CommandForm::Shell("['a', 'b']".into()));
}

#[test]
fn pairs_keep_quotes_and_know_the_old_form() {
    let InstructionKind::Env(pairs) = only("ENV a=\"b c\" d=e\\ f").kind else { panic!("no ENV") };
    assert_eq!(pairs[0], KeyValue { name: "a".into(), value: "\"b c\"".into(), legacy: false });
    assert_eq!(pairs[1].value, "e\\ f");
    let InstructionKind::Label(pairs) = only("LABEL  a   b c=d ").kind else { panic!("no LABEL") };
    assert_eq!(pairs, [KeyValue { name: "a".into(), value: "b c=d".into(), legacy: true }]);
}

#[test]
fn onbuild_keeps_its_expression() {
    let InstructionKind::Onbuild(onbuild) = only("onbuild  run <<E\nx\nE\n").kind else {
        panic!("no ONBUILD")
    };
    assert_eq!((onbuild.keyword.as_str(), onbuild.expression.as_str()), ("RUN", "run <<E\nx\nE"));
    let trigger = parse_trigger(&onbuild.expression, (4, 4)).unwrap();
    assert_eq!((trigger.kind.name(), trigger.start_line), ("RUN", 4));
    assert_eq!(parse_trigger("RUNN x", (1, 1)).unwrap_err(), "unknown instruction: RUNN (did you mean RUN?)");
    assert_eq!(
        first_error("FROM a\nONBUILD onbuild RUN x"),
        "dockerfile parse error on line 2: Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"
    );
}

#[test]
fn errors_of_words_come_before_errors_of_instructions() {
    let text = "FROM a\nRUNN x\nENV a\nCOPY --form=b c d";
    let parsed = parse(text);
    let messages: Vec<_> = parsed.value.errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "ENV must have two arguments",
            "dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)",
            "dockerfile parse error on line 4: unknown flag: --form (did you mean from?)",
        ]
    );
    let places: Vec<_> = parsed.diagnostics.iter().map(|diagnostic| diagnostic.range.of(text)).collect();
    assert_eq!(places, ["RUNN", "a", "--form"]);
    let fix = parsed.diagnostics[0].fix.as_ref().unwrap();
    assert_eq!(fix.edits[0].replacement, "RUN");
}

#[test]
fn a_text_without_stages() {
    assert_eq!(first_error(""), "the Dockerfile cannot be empty");
    assert_eq!(first_error("# x\n"), "file with no instructions");
    assert_eq!(first_error("ARG a"), "dockerfile contains no stages to build");
    assert_eq!(first_error("RUN x"), "no build stage in current context");
}

#[test]
fn the_frontend_comes_first() {
    let text = "# syntax=some/frontend\nRUNN x";
    let error = parse(text).value.error().cloned().unwrap();
    let name = "docker.io/some/frontend:latest";
    assert_eq!(error.message, format!("failed to resolve source metadata for {name}: {name}: not found"));
    assert_eq!((error.phase, error.lines), (Phase::Frontend, Some((1, 1))));
    let known = parse("# syntax=docker/dockerfile:1.7-labs\nARG a");
    let error = known.value.error().unwrap();
    assert_eq!(
        (error.message.as_str(), error.lines),
        ("dockerfile contains no stages to build", Some((1, 1)))
    );
}

#[test]
fn lines_that_are_too_long() {
    let text = format!("FROM a\nRUN {}\nRUNN x", "x".repeat(70_000));
    assert_eq!(first_error(&text), "dockerfile line greater than max allowed size of 65535");
}

fn ranges(dockerfile: &Dockerfile) -> Vec<TextRange> {
    let lines = dockerfile.lines.iter().flat_map(|line| [line.range, line.keyword_range]);
    let stages = dockerfile.stages.iter().map(|stage| stage.range);
    let directives = dockerfile.directives.iter().map(|directive| directive.range);
    lines.chain(stages).chain(directives).collect()
}

proptest! {
    #[test]
    fn every_text_is_read(text in "(FROM|RUN|COPY|ENV|ONBUILD|ARG|HEALTHCHECK|#|--|<<E|E|\\[|\"|'|\\\\|`|=|\\$|\\{|,| |\t|\r|\n|ü|\u{a0}|[a-z]){0,80}") {
        let parsed = parse(&text);
        for range in ranges(&parsed.value).into_iter().chain(parsed.diagnostics.iter().map(|found| found.range)) {
            prop_assert!(range.start <= range.end && range.end as usize <= text.len());
            prop_assert!(text.get(std::ops::Range::from(range)).is_some());
        }
        for line in &parsed.value.lines {
            let written = line.keyword_range.of(&text);
            prop_assert!(written == line.keyword || written.contains('\n'), "{written:?} is not {}", line.keyword);
        }
    }
}
