//! The functions of templates: Go's own and those that Docker adds.

use super::printf::printf;
use super::value::Value;
use std::cmp::Ordering;

/// More blanks than any column has: whoever asks for more would only fill the memory.
const MOST_BLANKS: i64 = 1_000_000;

const NAMES: [&str; 27] = [
    "and", "call", "eq", "ge", "gt", "html", "index", "join", "js", "json", "le", "len", "lower", "lt", "ne",
    "not", "or", "pad", "print", "printf", "println", "slice", "split", "title", "truncate", "upper",
    "urlquery",
];

pub(super) fn is_known(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Calls a function. In the header of a table, what would change a value gives the name of the column instead.
pub(super) fn call(name: &str, arguments: &[Value], is_header: bool) -> Result<Value, String> {
    let one = || arguments.first().cloned().unwrap_or(Value::Null);
    if is_header && matches!(name, "json" | "split" | "join" | "title" | "lower" | "upper" | "truncate") {
        return Ok(one());
    }
    let text = |at: usize| arguments.get(at).map(Value::print).unwrap_or_default();
    needs(name, arguments.len())?;
    Ok(match name {
        "and" | "or" => arguments.last().cloned().unwrap_or(Value::Null),
        "not" => Value::Bool(!one().is_true()),
        "eq" => Value::Bool(arguments[1..].iter().any(|other| same(&arguments[0], other))),
        "ne" => Value::Bool(!same(&arguments[0], &arguments[1])),
        "lt" | "le" | "gt" | "ge" => Value::Bool(compare(name, &arguments[0], &arguments[1])?),
        "len" => length(&arguments[0])?,
        "index" => index(arguments)?,
        "slice" => slice(arguments)?,
        "print" => Value::Text(print(arguments)),
        "println" => Value::Text(arguments.iter().map(Value::print).collect::<Vec<_>>().join(" ") + "\n"),
        "printf" => Value::Text(printf(&text(0), &arguments[1..])),
        "json" => Value::Text(one().to_json()),
        "upper" => Value::Text(text(0).to_uppercase()),
        "lower" => Value::Text(text(0).to_lowercase()),
        "title" => Value::Text(title(&text(0))),
        "split" => Value::texts(text(0).split(&text(1))),
        "join" => Value::Text(join(&arguments[0], &text(1))?),
        "pad" => pad(&text(0), &arguments[1], &arguments[2])?,
        "truncate" => Value::Text(truncate(&text(0), &arguments[1])),
        "html" => Value::Text(html(&text(0))),
        _ => Value::Text(text(0)),
    })
}

fn needs(name: &str, given: usize) -> Result<(), String> {
    let wanted = match name {
        "and" | "or" | "not" | "len" | "index" | "slice" | "json" | "upper" | "lower" | "title"
        | "printf" => 1,
        "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "split" | "join" | "truncate" => 2,
        "pad" => 3,
        _ => 0,
    };
    if given >= wanted {
        return Ok(());
    }
    let least =
        if matches!(name, "and" | "or" | "index" | "slice" | "printf" | "eq") { "at least " } else { "" };
    Err(format!("wrong number of args for {name}: want {least}{wanted} got {given}"))
}

fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Int(one), Value::Float(other)) | (Value::Float(other), Value::Int(one)) => {
            *one as f64 == *other
        }
        _ => one == other,
    }
}

fn compare(name: &str, one: &Value, other: &Value) -> Result<bool, String> {
    let number = |value: &Value| match value {
        Value::Int(value) => Some(*value as f64),
        Value::Float(value) => Some(*value),
        _ => None,
    };
    let order = match (one, other) {
        (Value::Text(one), Value::Text(other)) => Some(one.cmp(other)),
        _ => number(one).zip(number(other)).and_then(|(one, other)| one.partial_cmp(&other)),
    };
    let order = order.ok_or_else(|| format!("error calling {name}: incompatible types for comparison"))?;
    Ok(match name {
        "lt" => order == Ordering::Less,
        "le" => order != Ordering::Greater,
        "gt" => order == Ordering::Greater,
        _ => order != Ordering::Less,
    })
}

fn length(value: &Value) -> Result<Value, String> {
    Ok(Value::Int(match value {
        Value::Text(text) => text.len() as i64,
        Value::List(items) => items.len() as i64,
        Value::Map(map) => map.len() as i64,
        Value::Object(object) => object.fields.len() as i64,
        Value::Null => 0,
        other => return Err(format!("error calling len: len of type {}", other.print())),
    }))
}

fn index(arguments: &[Value]) -> Result<Value, String> {
    arguments[1..].iter().try_fold(arguments[0].clone(), |value, key| match (&value, key) {
        (Value::List(items), Value::Int(at)) => usize::try_from(*at)
            .ok()
            .and_then(|at| items.get(at).cloned())
            .ok_or_else(|| format!("error calling index: reflect: slice index out of range: {at}")),
        (Value::Text(text), Value::Int(at)) => usize::try_from(*at)
            .ok()
            .and_then(|at| text.as_bytes().get(at))
            .map(|byte| Value::Int(i64::from(*byte)))
            .ok_or_else(|| format!("error calling index: index out of range: {at}")),
        // A map of strings answers with an empty one.
        (Value::Map(map), key) => Ok(map.get(&key.print()).cloned().unwrap_or_else(|| Value::text(""))),
        (Value::Object(object), key) => Ok(object.get(&key.print()).cloned().unwrap_or(Value::Null)),
        (Value::Null, Value::Int(_)) => Err("error calling index: index of untyped nil".to_owned()),
        (Value::Null, _) => Ok(Value::text("")),
        (other, _) => Err(format!("error calling index: can't index item of type {}", other.print())),
    })
}

fn slice(arguments: &[Value]) -> Result<Value, String> {
    let bound = |at: usize, default: usize| match arguments.get(at) {
        Some(Value::Int(bound)) => usize::try_from(*bound).unwrap_or(usize::MAX),
        _ => default,
    };
    let failed = || "error calling slice: index out of range".to_owned();
    match &arguments[0] {
        Value::Text(text) => {
            let (from, to) = (bound(1, 0), bound(2, text.len()));
            text.get(from..to).map(Value::text).ok_or_else(failed)
        }
        Value::List(items) => {
            let (from, to) = (bound(1, 0), bound(2, items.len()));
            items.get(from..to).map(|part| Value::List(part.to_vec())).ok_or_else(failed)
        }
        _ => Err("error calling slice: can't slice item".to_owned()),
    }
}

/// Blanks go between operands of which neither is a string.
fn print(arguments: &[Value]) -> String {
    let mut text = String::new();
    for (at, value) in arguments.iter().enumerate() {
        let is_text = |value: &Value| matches!(value, Value::Text(_));
        if at > 0 && !is_text(value) && !is_text(&arguments[at - 1]) {
            text.push(' ');
        }
        text.push_str(&value.print());
    }
    text
}

fn title(text: &str) -> String {
    let mut start = true;
    text.chars()
        .map(|c| {
            let shown = if start { c.to_ascii_uppercase() } else { c };
            start = !c.is_alphanumeric() && c != '_' && c != '\'';
            shown
        })
        .collect()
}

fn join(value: &Value, separator: &str) -> Result<String, String> {
    match value {
        Value::List(items) => Ok(items.iter().map(Value::print).collect::<Vec<_>>().join(separator)),
        Value::Null => Ok(String::new()),
        other => Err(format!("error calling join: expected a list, got {}", other.print())),
    }
}

fn pad(text: &str, before: &Value, after: &Value) -> Result<Value, String> {
    if text.is_empty() {
        return Ok(Value::text(text));
    }
    let blanks = |value: &Value| match value {
        Value::Int(count) if *count < 0 => {
            Err("error calling pad: strings: negative Repeat count".to_owned())
        }
        Value::Int(count) if *count > MOST_BLANKS => {
            Err(format!("error calling pad: {count} blanks are too many"))
        }
        Value::Int(count) => Ok(" ".repeat(*count as usize)),
        _ => Ok(String::new()),
    };
    Ok(Value::Text(format!("{}{text}{}", blanks(before)?, blanks(after)?)))
}

fn truncate(text: &str, most: &Value) -> String {
    let most = match most {
        Value::Int(most) => usize::try_from(*most).unwrap_or(0),
        _ => text.len(),
    };
    text.chars().take(most).collect()
}

fn html(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
