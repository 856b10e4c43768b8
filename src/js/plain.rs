//! Values as the one type that `serde-wasm-bindgen` then writes.
//!
//! A serializer can fail, and a derived `Serialize` judges that after each field of each variant: for
//! the errors alone that weighed 15 KB. Gathering the fields cannot fail, and one type is written
//! through the library's fallible calls instead of all of them.

use serde::ser::{self, Impossible, Serialize, SerializeMap, Serializer};

use crate::loose::Loose;

/// A value as plain data.
pub(super) fn gathered<T: Serialize + ?Sized>(value: &T) -> Loose {
    match value.serialize(Plain) {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

impl Serialize for Loose {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => to.serialize_unit(),
            Self::Bool(value) => to.serialize_bool(*value),
            Self::Number(value) => to.serialize_f64(*value),
            Self::Text(value) => to.serialize_str(value),
            Self::List(values) => to.collect_seq(values),
            Self::Object(fields) => {
                let mut map = to.serialize_map(Some(fields.len()))?;
                for (key, value) in fields {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

struct Plain;

/// The error of what cannot fail.
#[derive(Debug)]
enum Never {}

impl std::fmt::Display for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        unreachable!("all types that are written here derive their way of being written")
    }
}

type Written = Result<Loose, Never>;

macro_rules! numbers {
    ($($name:ident: $type:ty,)*) => {
        $(fn $name(self, value: $type) -> Written {
            Ok(Loose::Number(f64::from(value)))
        })*
    };
}

impl ser::Serializer for Plain {
    type Ok = Loose;
    type Error = Never;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = Impossible<Loose, Never>;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Impossible<Loose, Never>;

    numbers! {
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_f32: f32,
        serialize_f64: f64,
    }

    fn serialize_i64(self, value: i64) -> Written {
        Ok(Loose::Number(value as f64))
    }

    fn serialize_u64(self, value: u64) -> Written {
        Ok(Loose::Number(value as f64))
    }

    fn serialize_bool(self, value: bool) -> Written {
        Ok(Loose::Bool(value))
    }

    fn serialize_char(self, value: char) -> Written {
        Ok(Loose::Text(value.into()))
    }

    fn serialize_str(self, value: &str) -> Written {
        Ok(Loose::Text(value.into()))
    }

    fn serialize_bytes(self, value: &[u8]) -> Written {
        value.serialize(self)
    }

    fn serialize_none(self) -> Written {
        Ok(Loose::Nothing)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        Ok(Loose::Nothing)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        Ok(Loose::Nothing)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        Ok(Loose::Text(variant.into()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        Ok(Loose::Object(vec![(variant.into(), value.serialize(Self)?)]))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List, Never> {
        Ok(List(Vec::new()))
    }

    fn serialize_tuple(self, _: usize) -> Result<List, Never> {
        Ok(List(Vec::new()))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List, Never> {
        Ok(List(Vec::new()))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Never> {
        unreachable!("no value has this form")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields, Never> {
        Ok(Fields(Vec::new()))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields, Never> {
        Ok(Fields(Vec::new()))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Never> {
        unreachable!("no value has this form")
    }
}

struct List(Vec<Loose>);

macro_rules! list {
    ($($part:ident $add:ident,)*) => {
        $(impl ser::$part for List {
            type Ok = Loose;
            type Error = Never;

            fn $add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
                self.0.push(gathered(value));
                Ok(())
            }

            fn end(self) -> Written {
                Ok(Loose::List(self.0))
            }
        })*
    };
}

list! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
}

/// Of a map, the last value is nothing until it comes.
struct Fields(Vec<(String, Loose)>);

impl ser::SerializeStruct for Fields {
    type Ok = Loose;
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Never> {
        self.0.push((key.into(), gathered(value)));
        Ok(())
    }

    fn end(self) -> Written {
        Ok(Loose::Object(self.0))
    }
}

impl SerializeMap for Fields {
    type Ok = Loose;
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        self.0.push((gathered(key).text().unwrap_or_default().into(), Loose::Nothing));
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        if let Some((_, last)) = self.0.last_mut() {
            *last = gathered(value);
        }
        Ok(())
    }

    fn end(self) -> Written {
        Ok(Loose::Object(self.0))
    }
}
