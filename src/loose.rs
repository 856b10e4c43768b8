//! Values of which nothing is known yet: what JSON or JavaScript may hold.
//!
//! Whatever arrives from outside is read as this and judged by whoever knows what it should be. A
//! derived `Deserialize` would answer "invalid type at line 1", without the index, field and value
//! that an error has to name; and it brings the formatting of floating-point numbers along, a tenth
//! of the main-thread module.

use serde::{Deserialize, Deserializer, de};

/// A value of which nothing is known yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Loose {
    /// Nothing: `null`, or a field that is not there.
    #[default]
    Nothing,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Loose>),
    /// Fields in their order.
    Object(Vec<(String, Loose)>),
}

impl Loose {
    /// A field of an object; [`Loose::Nothing`] where there is none. Of fields of one name the last
    /// counts, as in JavaScript.
    #[must_use]
    pub fn get(&self, name: &str) -> &Self {
        const NOTHING: &Loose = &Loose::Nothing;
        match self {
            Self::Object(fields) => fields.iter().rfind(|(key, _)| key == name).map_or(NOTHING, |(_, value)| value),
            _ => NOTHING,
        }
    }

    /// Whether it is there.
    #[must_use]
    pub fn is_something(&self) -> bool {
        *self != Self::Nothing
    }

    /// A number that is one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        if let Self::Number(n) = self { Some(*n) } else { None }
    }

    /// An integer, however it is written: siblings of the API send numbers as texts.
    #[must_use]
    pub fn integer(&self) -> Option<i64> {
        match self {
            Self::Number(n) => (n.fract() == 0.0 && n.abs() < EXACT).then_some(*n as i64),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// In the words of an error: short, and never more than the start of a text.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Nothing => "missing".into(),
            Self::Bool(value) => value.to_string(),
            Self::Number(n) => shown_number(*n),
            Self::Text(text) => {
                let short: String = text.chars().take(40).collect();
                ["\"", &short, "\""].concat()
            }
            Self::List(_) => "a list".into(),
            Self::Object(_) => "an object".into(),
        }
    }
}

/// Beyond 2^53 a number of JSON is no longer a known integer.
pub const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number as a person would write it, to three decimals; without the machinery that prints any
/// number exactly, which would be a tenth of the main-thread module.
#[must_use]
pub fn shown_number(n: f64) -> String {
    if n.is_nan() {
        return "NaN".into();
    }
    let sign = if n < 0.0 { "-" } else { "" };
    if n.abs() >= EXACT {
        return [sign, "over 2^53"].concat();
    }
    let thousandths = n.abs() * 1000.0;
    if thousandths >= EXACT {
        return [sign, &(n.abs() as u64).to_string()].concat();
    }
    let rounded = (thousandths + 0.5) as u64;
    let (whole, fraction) = (rounded / 1000, rounded % 1000);
    let sign = if rounded == 0 { "" } else { sign };
    if fraction == 0 {
        return [sign, &whole.to_string()].concat();
    }
    // 1000 + fraction keeps the leading zeros.
    let digits = (1000 + fraction).to_string();
    [sign, &whole.to_string(), ".", digits.get(1..).unwrap_or_default().trim_end_matches('0')].concat()
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

fn bytes_list(bytes: &[u8]) -> Loose {
    Loose::List(bytes.iter().map(|byte| Loose::Number(f64::from(*byte))).collect())
}

struct Anything;

impl<'de> de::Visitor<'de> for Anything {
    type Value = Loose;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any value")
    }

    fn visit_f64<E>(self, n: f64) -> Result<Loose, E> {
        Ok(Loose::Number(n))
    }

    fn visit_u64<E>(self, n: u64) -> Result<Loose, E> {
        Ok(Loose::Number(n as f64))
    }

    fn visit_i64<E>(self, n: i64) -> Result<Loose, E> {
        Ok(Loose::Number(n as f64))
    }

    fn visit_str<E>(self, text: &str) -> Result<Loose, E> {
        Ok(Loose::Text(text.into()))
    }

    fn visit_string<E>(self, text: String) -> Result<Loose, E> {
        Ok(Loose::Text(text))
    }

    fn visit_char<E>(self, letter: char) -> Result<Loose, E> {
        Ok(Loose::Text(letter.into()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Loose, E> {
        Ok(Loose::Bool(value))
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose::Nothing)
    }

    fn visit_none<E>(self) -> Result<Loose, E> {
        Ok(Loose::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Loose, D::Error> {
        Loose::deserialize(deserializer)
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Loose, E> {
        Ok(bytes_list(bytes))
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Loose, E> {
        Ok(bytes_list(&bytes))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Loose, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Loose::List(list))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut entries: A) -> Result<Loose, A::Error> {
        let mut fields = Vec::new();
        while let Some((key, value)) = entries.next_entry::<Loose, Loose>()? {
            fields.push((key.text().unwrap_or_default().to_owned(), value));
        }
        Ok(Loose::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_a_person_writes_them() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.5, "1.5"),
            (-7.0, "-7"),
            (0.05, "0.05"),
            (-0.0001, "0"),
            (2.9996, "3"),
            (1001.25, "1001.25"),
            (1e300, "over 2^53"),
            (-1e300, "-over 2^53"),
            (f64::INFINITY, "over 2^53"),
            (f64::NAN, "NaN"),
            (9e14, "900000000000000"),
            (9_007_199_254_740_991.0, "9007199254740991"),
        ];
        for (number, text) in cases {
            assert_eq!(shown_number(number), text);
        }
    }

    #[test]
    fn everything_of_json_is_read() {
        let value: Loose =
            serde_json::from_str(r#"{"a":[1,2.5,"x",null,true,{"b":-3}],"c":"7","a2":1,"a2":2}"#).expect("JSON");
        let Loose::List(list) = value.get("a") else { panic!("a list") };
        assert_eq!(list[0].integer(), Some(1));
        assert_eq!((list[1].number(), list[1].integer()), (Some(2.5), None));
        assert_eq!((list[2].text(), list[2].shown()), (Some("x"), "\"x\"".into()));
        assert!(!list[3].is_something() && list[4] == Loose::Bool(true));
        assert_eq!(list[5].get("b").integer(), Some(-3));
        assert_eq!(value.get("c").integer(), Some(7));
        assert_eq!(value.get("a2").integer(), Some(2));
        assert!(!value.get("d").get("e").is_something());
    }
}
