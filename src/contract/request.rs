//! The create request: which fields carry the picture and its region, whatever form the body has.
//!
//! The parts are the same for JSON, form-urlencoded and multipart bodies; who holds the network
//! writes them, base64 included. The file itself is preferred to its base64, and that to an address: an address needs
//! an upload first, and a host that the endpoint can reach.

use std::borrow::Cow;

use super::profile::{BodyForm, Profile, Role};
use super::{Endpoint, MAX_URL_CHARACTERS, check_coverage};
use crate::error::{Error, Result};
use crate::geometry::Rectangle;
use crate::mask::Mask;

/// A picture's or a mask's file, or where it can be downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'a> {
    /// The file and its MIME type.
    File {
        /// Its bytes.
        bytes: &'a [u8],
        /// `image/png` and the like.
        mime: &'a str,
    },
    /// An http or https address that the endpoint can reach.
    Url(&'a str),
}

/// What of the picture is to be repaired, in the form in which it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region<'a> {
    /// 1 to 50 checked rectangles.
    Rectangles(&'a [Rectangle]),
    /// A mask of strictly 0 and 255.
    Mask(Source<'a>),
}

/// How a result is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReturnType {
    /// As a link (1), which pages can only read when the host allows it.
    #[default]
    Url,
    /// As base64 in the reply (2).
    Base64,
}

/// One field of a create request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// The endpoint's name of the field.
    pub name: &'a str,
    /// What it holds.
    pub value: Value<'a>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A file in base64, without a prefix: encoded by who writes the body.
    Base64(&'a [u8]),
    /// A number; a text outside JSON.
    Number(u8),
    /// A file of a multipart body.
    File {
        /// Its bytes.
        bytes: &'a [u8],
        /// Its MIME type.
        mime: &'a str,
        /// A name that fits the type: some servers go by it.
        name: &'static str,
    },
}

impl ReturnType {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Url => 1,
            Self::Base64 => 2,
        }
    }

    /// From the number on the wire.
    #[must_use]
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Url),
            2 => Some(Self::Base64),
            _ => None,
        }
    }
}

/// The fields that can carry one file: as it is, in base64, by its address.
struct Carriers {
    file: Role,
    base64: Role,
    url: Role,
}

const IMAGE: Carriers = Carriers { file: Role::ImageFile, base64: Role::ImageBase64, url: Role::ImageUrl };
const MASK: Carriers = Carriers { file: Role::MaskFile, base64: Role::MaskBase64, url: Role::MaskUrl };

impl Endpoint {
    /// Whether a local picture can be sent as it is. If not, it has to be uploaded first and its
    /// address sent.
    #[must_use]
    pub fn takes_files(&self) -> bool {
        self.file_field(&IMAGE).is_some()
    }

    /// Whether it takes the address of a picture.
    #[must_use]
    pub fn takes_urls(&self) -> bool {
        self.field(Role::ImageUrl).is_some()
    }

    /// Refuses a picture that cannot be sent.
    ///
    /// # Errors
    /// As [`Endpoint::parts`].
    pub fn check_image(&self, image: Source<'_>) -> Result<()> {
        self.source(&IMAGE, image).map(drop)
    }

    /// Whether it takes rectangles; where it does not, they are sent as a mask.
    #[must_use]
    pub fn takes_rectangles(&self) -> bool {
        self.field(Role::Rectangles).is_some()
    }

    /// Refuses a mask that marks nothing, everything, or more than this endpoint takes.
    ///
    /// # Errors
    /// [`Error::EmptyMask`], [`Error::FullMask`], [`Error::Coverage`].
    pub fn check_mask(&self, mask: &Mask) -> Result<()> {
        mask.check_for(mask.size())?;
        check_coverage(mask, self.profile.max_percent)
    }

    /// The fields of a create request. Exactly one image source and one of mask and rectangles is
    /// in them.
    ///
    /// # Errors
    /// [`Error::UploadNeeded`] when a file came and only addresses are taken; [`Error::UrlLength`];
    /// [`Error::Argument`] when the endpoint has no field for what came.
    pub fn parts<'a>(
        &'a self,
        image: Source<'a>,
        region: Region<'a>,
        return_type: ReturnType,
    ) -> Result<Vec<Part<'a>>> {
        let mut parts = vec![self.source(&IMAGE, image)?];
        parts.push(match region {
            Region::Mask(mask) => self.source(&MASK, mask)?,
            Region::Rectangles(list) => {
                let name = self.field(Role::Rectangles).ok_or_else(|| no_field("rectangles"))?;
                Part { name, value: Value::Text(Rectangle::to_wire(list).into()) }
            }
        });
        let mut number =
            |role, value| parts.extend(self.field(role).map(|name| Part { name, value: Value::Number(value) }));
        // Never waiting: a connection that is held for 30 s breaks more often than polls do.
        number(Role::Sync, 0);
        number(Role::ReturnType, return_type.number());
        Ok(parts)
    }

    fn source<'a>(&'a self, carriers: &Carriers, source: Source<'a>) -> Result<Part<'a>> {
        match source {
            Source::Url(url) => {
                let name = self.field(carriers.url).ok_or_else(|| no_field(carriers.url.name()))?;
                Ok(Part { name, value: Value::Text(checked_url(url)?.into()) })
            }
            Source::File { bytes, mime } => {
                let (role, name) = self.file_field(carriers).ok_or(Error::UploadNeeded)?;
                let value = if role == carriers.file {
                    Value::File { bytes, mime, name: file_name(mime) }
                } else {
                    Value::Base64(bytes)
                };
                Ok(Part { name, value })
            }
        }
    }

    /// The field that carries bytes, if one does in this form of body.
    fn file_field(&self, carriers: &Carriers) -> Option<(Role, &str)> {
        let file = self.field(carriers.file).filter(|_| self.body == BodyForm::Multipart);
        let file = file.map(|name| (carriers.file, name));
        file.or_else(|| self.field(carriers.base64).map(|name| (carriers.base64, name)))
    }

    fn field(&self, role: Role) -> Option<&str> {
        self.fields.iter().find(|(known, _)| *known == role).map(|(_, name)| name.as_ref())
    }
}

impl Profile {
    /// Whether it takes nothing but addresses, in its preferred form of body.
    #[must_use]
    pub fn needs_upload(&self) -> bool {
        let has = |role| self.fields.iter().any(|(known, _)| *known == role);
        let takes_file = has(Role::ImageFile) && self.bodies.first() == Some(&BodyForm::Multipart);
        !takes_file && !has(Role::ImageBase64)
    }
}

/// An address as the contract bounds it.
pub(super) fn checked_url(url: &str) -> Result<&str> {
    let characters = url.chars().count();
    if characters > MAX_URL_CHARACTERS {
        return Err(Error::UrlLength { characters: characters as u32, max: MAX_URL_CHARACTERS as u32 });
    }
    Ok(url)
}

fn no_field(name: &str) -> Error {
    Error::Argument { name: name.into(), reason: "this endpoint has no field for it".into() }
}

fn file_name(mime: &str) -> &'static str {
    match mime {
        "image/jpeg" => "picture.jpg",
        "image/webp" => "picture.webp",
        "image/bmp" => "picture.bmp",
        "image/tiff" => "picture.tiff",
        _ => "picture.png",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Credential, PROFILES};

    const JPEG: Source<'_> = Source::File { bytes: b"\xff\xd8\xff", mime: "image/jpeg" };
    const PNG: Source<'_> = Source::File { bytes: b"png", mime: "image/png" };
    const BOX: Rectangle = Rectangle { x: 0, y: 0, width: 100, height: 100 };

    fn endpoint(id: &str) -> Endpoint {
        let key = Credential::new("X-API-KEY", "", "k").expect("accepted");
        Endpoint::of(Profile::named(id).expect("known"), "https://h/t", Some(key)).expect("accepted")
    }

    fn text<'a>(name: &'a str, value: &'a str) -> Part<'a> {
        Part { name, value: Value::Text(value.into()) }
    }

    fn base64<'a>(name: &'a str, bytes: &'a [u8]) -> Part<'a> {
        Part { name, value: Value::Base64(bytes) }
    }

    fn number(name: &str, value: u8) -> Part<'_> {
        Part { name, value: Value::Number(value) }
    }

    #[test]
    fn picwish_takes_the_file_itself_and_rectangles_as_a_string_that_holds_json() {
        let endpoint = endpoint("picwish");
        let parts = endpoint.parts(JPEG, Region::Rectangles(&[BOX]), ReturnType::Url).expect("sendable");
        let file = Value::File { bytes: b"\xff\xd8\xff", mime: "image/jpeg", name: "picture.jpg" };
        let expected = [
            Part { name: "image_file", value: file },
            text("rectangles", r#"[{"x":0,"y":0,"width":100,"height":100}]"#),
            number("sync", 0),
            number("return_type", 1),
        ];
        assert_eq!(parts, expected);
    }

    #[test]
    fn json_takes_base64_without_a_prefix() {
        let endpoint = endpoint("custom");
        let parts = endpoint.parts(JPEG, Region::Mask(PNG), ReturnType::Base64).expect("sendable");
        let expected = [
            base64("image_base64", b"\xff\xd8\xff"),
            base64("mask_base64", b"png"),
            number("sync", 0),
            number("return_type", 2),
        ];
        assert_eq!(parts, expected);
    }

    #[test]
    fn where_only_addresses_are_taken_a_file_has_to_be_uploaded() {
        let endpoint = endpoint("aliyun");
        assert!(!endpoint.takes_files() && endpoint.takes_rectangles());
        let refused = endpoint.parts(JPEG, Region::Rectangles(&[BOX]), ReturnType::Url);
        assert_eq!(refused, Err(Error::UploadNeeded));
        assert_eq!(
            (endpoint.check_image(JPEG), endpoint.check_image(Source::Url("u"))),
            (Err(Error::UploadNeeded), Ok(()))
        );
        let (image, mask) = (Source::Url("https://h/a.jpg?x=1&y=2"), Region::Mask(Source::Url("https://h/m.png")));
        let parts = endpoint.parts(image, mask, ReturnType::Base64).expect("sendable");
        let expected = [
            text("image_url", "https://h/a.jpg?x=1&y=2"),
            text("mask_url", "https://h/m.png"),
            number("return_type", 2),
        ];
        assert_eq!(parts, expected, "the seed names no sync");
        let long = ["https://h/", &"ä".repeat(503)].concat();
        let refused = endpoint.parts(Source::Url(&long), mask, ReturnType::Url);
        assert_eq!(refused, Err(Error::UrlLength { characters: 513, max: 512 }));
    }

    #[test]
    fn neighbours_have_names_of_their_own_and_no_rectangles() {
        let iopaint = endpoint("iopaint");
        let parts = iopaint.parts(JPEG, Region::Mask(PNG), ReturnType::Url).expect("sendable");
        assert_eq!(parts, [base64("image", b"\xff\xd8\xff"), base64("mask", b"png")]);
        let refused = iopaint.parts(JPEG, Region::Rectangles(&[BOX]), ReturnType::Url);
        assert!(matches!(refused, Err(Error::Argument { .. })));
        let clipdrop = endpoint("clipdrop");
        let parts = clipdrop.parts(PNG, Region::Mask(PNG), ReturnType::Url).expect("sendable");
        let names: Vec<&str> = parts.iter().map(|part| part.name).collect();
        assert_eq!(names, ["image_file", "mask_file"]);
        assert!(clipdrop.parts(Source::Url("https://h/a"), Region::Mask(PNG), ReturnType::Url).is_err());
    }

    #[test]
    fn a_profile_knows_whether_it_needs_an_upload() {
        let needing: Vec<&str> = PROFILES.iter().filter(|p| p.needs_upload()).map(|p| p.id).collect();
        assert_eq!(needing, ["aliyun"]);
    }
}
