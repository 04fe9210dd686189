//! Reading the catalogue's JSON.
//!
//! Input: a value as the parser gives it. Output: a typed one, or a sentence about the first thing that is not as it
//! should be. One conversion for each type, on one kind of value, is a tenth of the code that derived ones come to. It
//! does not know the catalogue's files.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What can be read from a JSON value. The value is `null` where a field is absent.
pub(crate) trait FromJson: Sized {
    /// The value as this type.
    fn from_json(value: Value) -> Result<Self, String>;
}

/// Reads a whole text.
pub(crate) fn parse<T: FromJson>(text: &str) -> Result<T, String> {
    T::from_json(serde_json::from_str(text).map_err(|error| error.to_string())?)
}

/// An object whose fields are taken out one by one.
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    /// The fields of an object.
    pub(crate) fn of(value: Value) -> Result<Self, String> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            other => Err(unexpected("an object", &other)),
        }
    }

    /// A field that has to be there, unless its type has a value for an absent one.
    pub(crate) fn take<T: FromJson>(&mut self, name: &str) -> Result<T, String> {
        T::from_json(self.value(name)).map_err(|error| within(name, &error))
    }

    /// A field, or the default of its type.
    pub(crate) fn or_default<T: FromJson + Default>(&mut self, name: &str) -> Result<T, String> {
        self.take::<Option<T>>(name).map(Option::unwrap_or_default)
    }

    fn value(&mut self, name: &str) -> Value {
        self.0.get_mut(name).map_or(Value::Null, Value::take)
    }
}

fn within(name: &str, error: &str) -> String {
    format!("{name}: {error}")
}

fn unexpected(wanted: &str, value: &Value) -> String {
    let kind = match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "another number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    format!("{wanted} is expected, and there is {kind}")
}

impl FromJson for String {
    fn from_json(value: Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(unexpected("a text", &other)),
        }
    }
}

impl FromJson for f64 {
    fn from_json(value: Value) -> Result<Self, String> {
        value.as_f64().ok_or_else(|| unexpected("a number", &value))
    }
}

impl FromJson for u64 {
    fn from_json(value: Value) -> Result<Self, String> {
        value.as_u64().ok_or_else(|| unexpected("a whole number", &value))
    }
}

impl FromJson for u32 {
    fn from_json(value: Value) -> Result<Self, String> {
        let number = value.as_u64().and_then(|number| number.try_into().ok());
        number.ok_or_else(|| unexpected("a number of 32 bits", &value))
    }
}

impl FromJson for usize {
    fn from_json(value: Value) -> Result<Self, String> {
        u32::from_json(value).map(|number| number as Self)
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: Value) -> Result<Self, String> {
        if value.is_null() { Ok(None) } else { T::from_json(value).map(Some) }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: Value) -> Result<Self, String> {
        let Value::Array(values) = value else { return Err(unexpected("a list", &value)) };
        let mut list = Self::with_capacity(values.len());
        for value in values {
            list.push(T::from_json(value)?);
        }
        Ok(list)
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut map = Self::new();
        for (key, value) in Fields::of(value)?.0 {
            let value = T::from_json(value).map_err(|error| within(&key, &error))?;
            map.insert(key, value);
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_none_or_an_error() {
        let mut fields = Fields::of(serde_json::json!({ "a": 1, "b": null })).unwrap();
        assert_eq!(fields.take::<u64>("a"), Ok(1));
        assert_eq!(fields.or_default::<Vec<String>>("b"), Ok(Vec::new()));
        assert_eq!(fields.take::<Option<String>>("c"), Ok(None));
        assert_eq!(fields.take::<String>("c").unwrap_err(), "c: a text is expected, and there is nothing");
    }

    #[test]
    fn an_error_names_the_way_to_it() {
        let error = parse::<BTreeMap<String, Vec<u32>>>(r#"{"a": [1], "b": [2, -3]}"#).unwrap_err();
        assert_eq!(error, "b: a number of 32 bits is expected, and there is another number");
    }
}
