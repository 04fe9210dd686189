//! What templates work on: values of Go as Docker's objects have them.

use std::collections::BTreeMap;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `nil`: printed as `<no value>` in a chain of fields, as `null` in JSON.
    Null,
    /// A boolean.
    Bool(bool),
    /// Any whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    Text(String),
    /// A slice.
    List(Vec<Value>),
    /// A map; Go sorts its keys when it prints.
    Map(BTreeMap<String, Value>),
    /// A struct, or an object of JSON whose order counts.
    Object(Object),
    /// A method with one argument, such as `.Label "tier"`: an answer for each, nothing for others. JSON leaves it out.
    Method(BTreeMap<String, String>),
    /// A method that gives its argument back.
    Echo,
}

/// Fields in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    /// The name of the Go type, for messages; empty for what came out of JSON, where a missing field has another message.
    pub type_name: &'static str,
    /// Names and values.
    pub fields: Vec<(String, Value)>,
}

impl Object {
    /// A field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

impl Value {
    /// A struct.
    pub fn object<K: Into<String>>(
        type_name: &'static str,
        fields: impl IntoIterator<Item = (K, Value)>,
    ) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Self::Object(Object { type_name, fields })
    }

    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A slice of strings.
    pub fn texts<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(|item| Self::text(item.as_ref())).collect())
    }

    /// A slice of strings, `nil` where there are none.
    pub fn texts_or_null(items: &[String]) -> Self {
        if items.is_empty() { Self::Null } else { Self::texts(items) }
    }

    /// A map of strings.
    pub fn text_map(map: &BTreeMap<String, String>) -> Self {
        Self::Map(map.iter().map(|(key, value)| (key.clone(), Self::text(value))).collect())
    }

    /// A set: a map to empty structs.
    pub fn set<'a>(items: impl IntoIterator<Item = &'a String>) -> Self {
        let empty = || Self::Object(Object::default());
        Self::Map(items.into_iter().map(|key| (key.clone(), empty())).collect())
    }

    /// The field of an object or map.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(object) => object.get(name),
            Self::Map(map) => map.get(name),
            _ => None,
        }
    }

    /// Whether `if` takes it for true.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Object(_) | Self::Method(_) | Self::Echo => true,
        }
    }

    /// The same with all keys sorted, as what went through a map of Go.
    pub fn sorted(self) -> Self {
        match self {
            Self::Object(mut object) => {
                object.fields.sort_by(|one, other| one.0.cmp(&other.0));
                let fields = object.fields.into_iter().map(|(key, value)| (key, value.sorted()));
                Self::Object(Object { type_name: object.type_name, fields: fields.collect() })
            }
            Self::Map(map) => Self::Map(map.into_iter().map(|(key, value)| (key, value.sorted())).collect()),
            Self::List(items) => Self::List(items.into_iter().map(Self::sorted).collect()),
            other => other,
        }
    }

    /// What `print` and an action print.
    pub fn print(&self) -> String {
        match self {
            Self::Null => "<nil>".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => float(*value),
            Self::Text(text) => text.clone(),
            Self::List(items) => format!("[{}]", joined(items.iter())),
            Self::Map(map) => {
                let entry = |(key, value): (&String, &Self)| format!("{key}:{}", value.print());
                format!("map[{}]", map.iter().map(entry).collect::<Vec<_>>().join(" "))
            }
            Self::Method(_) | Self::Echo => String::new(),
            Self::Object(object) => format!("{{{}}}", joined(object.fields.iter().map(|(_, value)| value))),
        }
    }

    /// JSON without blanks, with `<`, `>` and `&` escaped as Go does.
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        super::json::write(&mut text, self, None, 0);
        text
    }

    /// JSON with four blanks for each level.
    pub fn to_json_indented(&self, indent: &str) -> String {
        let mut text = String::new();
        super::json::write(&mut text, self, Some(indent), 0);
        text
    }
}

fn joined<'a>(values: impl Iterator<Item = &'a Value>) -> String {
    values.map(Value::print).collect::<Vec<_>>().join(" ")
}

/// `%v` of a float: `%g` with the fewest digits.
pub(super) fn float(value: f64) -> String {
    if value != 0.0 && !(1e-4..1e21).contains(&value.abs()) {
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    format!("{value}")
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
