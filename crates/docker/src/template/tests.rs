//! Templates with what Go prints for them.

use super::{Template, Value};

fn object() -> Value {
    Value::object(
        "*formatter.imageContext",
        [
            ("Repository", Value::text("redis")),
            ("Count", Value::Int(3)),
            ("Empty", Value::text("")),
            ("Layers", Value::texts(["a", "b", "c"])),
            ("Labels", Value::Map([("tier".to_owned(), Value::text("front"))].into())),
            ("Label", Value::Method([("tier".to_owned(), "front".to_owned())].into())),
            ("State", Value::object("", [("Status", Value::text("running"))])),
        ],
    )
}

fn run(text: &str) -> String {
    match Template::parse("", text).map(|template| template.run(&object())) {
        Ok(Ok(text)) => text,
        Ok(Err((error, _))) | Err(error) => error,
    }
}

#[test]
fn fields_pipelines_and_functions() {
    for (text, expected) in [
        ("{{.Repository}}:{{ .Count }}", "redis:3"),
        ("{{upper .Repository}} {{.Repository | title | printf \"%-8s|\"}}", "REDIS Redis   |"),
        ("{{truncate .Repository 3}} {{len .Layers}} {{index .Layers 1}}", "red 3 b"),
        ("{{join .Layers \", \"}} {{split \"a:b\" \":\"}}", "a, b, c [a b]"),
        ("{{json .Layers}} {{json .State}}", "[\"a\",\"b\",\"c\"] {\"Status\":\"running\"}"),
        ("{{.Label \"tier\"}}{{.Label \"none\"}} {{index .Labels \"tier\"}}", "front front"),
        ("{{.Layers}} {{.Labels}} {{.Labels.tier}}", "[a b c] map[tier:front] front"),
        ("{{(index .Layers 0)}} {{println 1 2}}", "a 1 2\n"),
        ("{{- \"x\" -}}  y  {{- /* no */ -}} z", "xyz"),
        ("{{pad .Repository 1 2}}|{{lower \"A\"}}|{{printf \"%05d %q\" 42 \"x\"}}", " redis  |a|00042 \"x\""),
    ] {
        assert_eq!(run(text), expected, "{text}");
    }
}

/// Widths and counts that no memory holds end in a message.
#[test]
fn sizes_have_a_bound() {
    for (text, expected) in [
        ("{{printf \"%999999999999d\" 1}}", "%!(NOVERB)"),
        ("{{printf \"a%.99999999999999999999f\" 1.5}}", "a%!(NOVERB)"),
        ("{{printf \"%.3f|%6.1f|%s%\" 1.5 2.25 \"x\"}}", "1.500|   2.2|x%!(NOVERB)"),
        ("{{len (printf \"%.70000f\" 1.5)}} {{len (printf \"%80000d\" 1)}}", "70002 80000"),
    ] {
        assert_eq!(run(text), expected, "{text}");
    }
    for (count, why) in [
        ("9223372036854775807", "9223372036854775807 blanks are too many"),
        ("-1", "strings: negative Repeat count"),
    ] {
        let said = run(&format!("{{{{pad .Repository {count} 0}}}}"));
        assert!(said.ends_with(&format!("error calling pad: {why}")), "{said}");
    }
}

#[test]
fn conditions_and_loops() {
    for (text, expected) in [
        ("{{if .Empty}}a{{else if eq .Count 3}}b{{else}}c{{end}}", "b"),
        ("{{range .Layers}}{{.}}{{println}}{{end}}", "a\nb\nc\n"),
        ("{{range $i, $e := .Layers}}{{if $i}},{{end}}{{$e}}{{end}}", "a,b,c"),
        ("{{range $k, $v := .Labels}}{{$k}}={{$v}}{{end}}", "tier=front"),
        ("{{range .Layers}}{{if eq . \"b\"}}{{break}}{{end}}{{.}}{{$.Count}}{{end}}", "a3"),
        ("{{with .State}}{{.Status}}{{end}}{{with .Empty}}x{{else}}y{{end}}", "runningy"),
        ("{{$x := .Count}}{{if and (gt $x 2) (not .Empty)}}yes{{end}}", "yes"),
        ("{{range .Empty}}x{{end}}", "template: :1:8: executing \"\" at <.Empty>: range can't iterate over "),
    ] {
        assert_eq!(run(text), expected, "{text}");
    }
}

/// Messages that docker printed, but for the first three words.
#[test]
fn errors_are_gos() {
    for (text, expected) in [
        (
            "{{.Nope}}",
            "template: :1:2: executing \"\" at <.Nope>: can't evaluate field Nope in type *formatter.imageContext",
        ),
        ("{{.State.Nope}}", "<no value>"),
        ("{{.Broken", "template: :1: unclosed action"),
        ("{{nope .}}", "template: :1: function \"nope\" not defined"),
        ("a\n{{if .Count}}", "template: :2: unexpected EOF"),
        ("{{end}}", "template: :1: unexpected {{end}}"),
    ] {
        assert_eq!(run(text), expected, "{text}");
    }
    let strict = Template::parse("", "{{.State.Health.Status}}").unwrap().missing_is_error();
    let (error, _) = strict.run(&object()).unwrap_err();
    assert_eq!(
        error,
        "template: :1:8: executing \"\" at <.State.Health.Status>: map has no entry for key \"Health\""
    );
}
