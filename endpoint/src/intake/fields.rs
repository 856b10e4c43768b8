//! The fields of a create call, whatever body they came in, each judged as it is taken.
//!
//! Empty text is an absent field: forms send every field they have. Unknown fields are passed over.

use base64::Engine;
use bytes::Bytes;
use reweave::contract::MAX_URL_CHARACTERS;
use reweave::geometry::LooseRectangle;
use reweave::picture::Limits;
use serde_json::Value;
use url::Url;

use crate::error::{Refusal, Result};
use crate::lenient::BASE64;

const NAMES: [&str; 9] = [
    "image_file",
    "image_base64",
    "image_url",
    "mask_file",
    "mask_base64",
    "mask_url",
    "rectangles",
    "sync",
    "return_type",
];

const MAX_FILE: u64 = Limits::CONTRACT.max_bytes;

/// 15 MB in base64, with line breaks and a prefix.
const MAX_BASE64: usize = 22 * 1024 * 1024;

/// Fifty rectangles are under 5 KB.
const MAX_TEXT: usize = 64 * 1024;

/// The known fields that came, each once.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(&'static str, Given)>);

/// A field as it came.
#[derive(Debug)]
pub(super) enum Given {
    /// A file of a multipart body.
    File(Bytes),
    /// Text, or a JSON string.
    Text(String),
    /// Any other JSON value, unread.
    Json(String),
}

/// The field of this name, if there is one.
pub(super) fn known(name: &str) -> Option<&'static str> {
    NAMES.into_iter().find(|known| *known == name)
}

pub(super) fn is_file(name: &str) -> bool {
    name.ends_with("_file")
}

/// Most bytes of a field as it comes.
pub(super) fn max_length(name: &str) -> usize {
    if is_file(name) {
        MAX_FILE as usize
    } else if name.ends_with("_base64") {
        MAX_BASE64
    } else {
        MAX_TEXT
    }
}

impl Fields {
    /// Adds a field that came.
    pub(super) fn add(&mut self, name: &'static str, given: Given) -> Result<()> {
        let length = match &given {
            Given::File(_) => 0,
            Given::Text(text) if text.is_empty() => return Ok(()),
            Given::Text(text) | Given::Json(text) => text.len(),
        };
        if length > max_length(name) {
            return Err(Self::too_long(name, length));
        }
        if self.has(name) {
            return Err(Refusal::FieldTwice { field: name });
        }
        self.0.push((name, given));
        Ok(())
    }

    /// The refusal of a field over its [`max_length`].
    pub(super) fn too_long(field: &'static str, length: usize) -> Refusal {
        if is_file(field) || field.ends_with("_base64") {
            Refusal::FileTooLarge { field, max: MAX_FILE }
        } else {
            Refusal::FieldLength { field, length, max: max_length(field) }
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == name)
    }

    /// A whole number of two; a string that holds it counts too.
    pub(super) fn take_choice(
        &mut self,
        field: &'static str,
        choice: [i64; 2],
        expected: &'static str,
    ) -> Result<Option<i64>> {
        let Some(given) = self.take(field) else { return Ok(None) };
        let number = match &given {
            Given::File(_) => None,
            Given::Text(text) => text.parse().ok(),
            // As in rectangles: a number with an integral value is an integer.
            Given::Json(raw) => raw.parse::<f64>().ok().filter(|n| n.fract() == 0.0).map(|n| n as i64),
        };
        let number = number.filter(|number| choice.contains(number));
        number.map(Some).ok_or_else(|| given.refused(field, expected))
    }

    /// A file of a multipart body.
    pub(super) fn take_file(&mut self, field: &'static str) -> Result<Option<Bytes>> {
        match self.take(field) {
            None => Ok(None),
            Some(Given::File(bytes)) => Ok(Some(bytes)),
            Some(other) => Err(other.refused(field, "a file in a multipart/form-data body")),
        }
    }

    /// A file in base64, with or without a `data:` prefix, line breaks allowed.
    pub(super) fn take_base64(&mut self, field: &'static str) -> Result<Option<Bytes>> {
        let Some(text) = self.take_text(field)? else { return Ok(None) };
        let wrong = |reason: &str| Refusal::FieldBase64 { field, reason: reason.into() };
        let base64 = match text.split_once(',') {
            Some((head, rest)) if is_data_prefix(head) => rest,
            Some(_) => return Err(wrong("it holds a comma, but not behind data:…;base64")),
            None => &text,
        };
        if base64.contains(' ') {
            return Err(wrong("it holds a space (in a form, + must be sent as %2B)"));
        }
        let compact: Vec<u8> = base64.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let bytes = BASE64.decode(compact).map_err(|e| wrong(&e.to_string()))?;
        if bytes.len() as u64 > MAX_FILE { Err(Self::too_long(field, bytes.len())) } else { Ok(Some(bytes.into())) }
    }

    /// An http or https address of at most 512 characters without a user name or password.
    pub(super) fn take_url(&mut self, field: &'static str) -> Result<Option<Url>> {
        let Some(text) = self.take_text(field)? else { return Ok(None) };
        let length = text.chars().count();
        if length > MAX_URL_CHARACTERS {
            return Err(Refusal::FieldLength { field, length, max: MAX_URL_CHARACTERS });
        }
        let plain = |url: &Url| url.username().is_empty() && url.password().is_none();
        let url = Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && plain(url));
        // The address is not repeated: it may be signed.
        let refused = || Refusal::FieldValue {
            field,
            value: "not accepted".into(),
            expected: "a complete http or https address without a user name or password",
        };
        url.map(Some).ok_or_else(refused)
    }

    /// A string that holds JSON, or the JSON itself: a list of objects.
    pub(super) fn take_rectangles(&mut self) -> Result<Option<Vec<LooseRectangle>>> {
        match self.take("rectangles") {
            None => Ok(None),
            Some(Given::Text(text) | Given::Json(text)) => read_rectangles(&text).map(Some),
            Some(file) => Err(file.refused("rectangles", "a string that holds JSON")),
        }
    }

    fn take_text(&mut self, field: &'static str) -> Result<Option<String>> {
        match self.take(field) {
            None => Ok(None),
            Some(Given::Text(text)) => Ok(Some(text)),
            Some(other) => Err(other.refused(field, "a string")),
        }
    }

    fn take(&mut self, name: &str) -> Option<Given> {
        let at = self.0.iter().position(|(known, _)| *known == name)?;
        Some(self.0.swap_remove(at).1)
    }
}

impl Given {
    fn refused(&self, field: &'static str, expected: &'static str) -> Refusal {
        let short = |text: &str| text.chars().take(40).collect::<String>();
        let value = match self {
            Self::File(bytes) => format!("a file of {} bytes", bytes.len()),
            Self::Text(text) => format!("\"{}\"", short(text)),
            Self::Json(raw) => short(raw),
        };
        Refusal::FieldValue { field, value, expected }
    }
}

fn is_data_prefix(head: &str) -> bool {
    let head = head.to_ascii_lowercase();
    head.starts_with("data:") && head.ends_with(";base64")
}

fn read_rectangles(text: &str) -> Result<Vec<LooseRectangle>> {
    let malformed = |reason: String| reweave::Error::RectanglesMalformed { reason };
    let value: Value = serde_json::from_str(text).map_err(|e| malformed(format!("it is not JSON ({e})")))?;
    let Value::Array(items) = value else { return Err(malformed(format!("it is {}", kind(&value))).into()) };
    if let Some((index, item)) = items.iter().enumerate().find(|(_, item)| !item.is_object()) {
        return Err(malformed(format!("item {index} is {}", kind(item))).into());
    }
    let read = serde_json::from_value(Value::Array(items));
    read.map_err(|e| malformed(e.to_string()).into())
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(name: &'static str, given: Given) -> Fields {
        let mut fields = Fields::default();
        fields.add(name, given).expect("added");
        fields
    }

    fn text(text: &str) -> Given {
        Given::Text(text.into())
    }

    fn json(raw: &str) -> Given {
        Given::Json(raw.into())
    }

    #[test]
    fn a_choice_is_a_number_or_a_string_that_holds_it() {
        for given in [text("1"), json("1"), json("1.0"), json("1e0")] {
            assert_eq!(fields("sync", given).take_choice("sync", [0, 1], "0 or 1"), Ok(Some(1)));
        }
        let refused = [
            (text("2"), "\"2\""),
            (text(" 1"), "\" 1\""),
            (text("1.0"), "\"1.0\""),
            (text("true"), "\"true\""),
            (json("true"), "true"),
            (json("-1"), "-1"),
            (json("0.5"), "0.5"),
            (json("1e300"), "1e300"),
            (json("[1]"), "[1]"),
        ];
        for (given, value) in refused {
            let expected = Refusal::FieldValue { field: "sync", value: value.into(), expected: "0 or 1" };
            assert_eq!(fields("sync", given).take_choice("sync", [0, 1], "0 or 1"), Err(expected));
        }
    }

    #[test]
    fn base64_is_read_as_senders_write_it() {
        for written in ["aGk=", "aGk", "data:image/png;base64,aGk=", "DATA:;BASE64,aGk=", "aG\r\nk=\n"] {
            let taken = fields("image_base64", text(written)).take_base64("image_base64");
            assert_eq!(taken, Ok(Some(Bytes::from_static(b"hi"))), "{written}");
        }
        for written in ["a", "a*==", "aG k=", "data:text/plain,hi", "x,aGk=", "aGk_"] {
            let taken = fields("image_base64", text(written)).take_base64("image_base64");
            assert!(matches!(taken, Err(Refusal::FieldBase64 { .. })), "{written}: {taken:?}");
        }
    }

    #[test]
    fn an_address_is_complete_and_short() {
        let take = |written: &str| fields("image_url", text(written)).take_url("image_url");
        assert!(matches!(take("https://h.example/a.png?b=1&c=2"), Ok(Some(_))));
        for written in
            ["/a.png", "h.example/a.png", "ftp://h/a", "file:///a", "http://", "http://u:p@h/", "javascript:0"]
        {
            assert!(matches!(take(written), Err(Refusal::FieldValue { .. })), "{written}");
        }
        let long = format!("http://h.example/{}", "ä".repeat(496));
        let expected = Refusal::FieldLength { field: "image_url", length: 513, max: 512 };
        assert_eq!(take(&long), Err(expected));
        assert!(take(&long[..long.len() - 2]).is_ok(), "512 characters");
    }

    #[test]
    fn rectangles_are_a_list_of_objects() {
        let good = r#"[{"x":1,"y":2,"width":3,"height":4}]"#;
        for given in [text(good), json(good)] {
            let taken = fields("rectangles", given).take_rectangles();
            assert_eq!(taken.map(|list| list.map(|list| list.len())), Ok(Some(1)));
        }
        for (written, reason) in [
            ("[", "it is not JSON (EOF while parsing a list at line 1 column 1)"),
            (r#"{"x":1}"#, "it is an object"),
            ("[{},3]", "item 1 is a number"),
            ("\"[]\"", "it is a string"),
        ] {
            let expected = reweave::Error::RectanglesMalformed { reason: reason.into() };
            let taken = fields("rectangles", text(written)).take_rectangles();
            assert_eq!(taken, Err(Refusal::Rule(expected)), "{written}");
        }
        let deep = fields("rectangles", text(&"[".repeat(60_000))).take_rectangles();
        assert!(matches!(deep, Err(Refusal::Rule(reweave::Error::RectanglesMalformed { .. }))));
    }

    #[test]
    fn a_field_counts_once_and_an_empty_one_not_at_all() {
        let mut fields = fields("sync", text("1"));
        assert_eq!(fields.add("sync", text("1")), Err(Refusal::FieldTwice { field: "sync" }));
        assert_eq!(fields.add("mask_url", text("")), Ok(()));
        assert!(!fields.has("mask_url"));
    }

    #[test]
    fn a_field_has_a_greatest_length() {
        let mut fields = Fields::default();
        let long = fields.add("rectangles", text(&"0".repeat(MAX_TEXT + 1)));
        assert!(matches!(long, Err(Refusal::FieldLength { .. })));
        let long = fields.add("image_base64", text(&"A".repeat(MAX_BASE64 + 1)));
        assert_eq!(long, Err(Refusal::FileTooLarge { field: "image_base64", max: MAX_FILE }));
    }
}
