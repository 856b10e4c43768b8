//! From a body to one checked create request.
//!
//! `body` bounds what is read from the socket and puts it on the disk, `forms` turns the three body forms into the same
//! `fields`, and here the fields become a [`Create`]. All that can be judged without the pixels
//! is judged here.

mod body;
mod fields;
mod forms;

pub(crate) use body::{discard, spool};
pub(crate) use forms::Form;

use axum::http::{HeaderMap, HeaderValue, header};
use bytes::Bytes;
use reweave::contract::ReturnType;
use reweave::geometry::LooseRectangle;
use url::Url;

use crate::error::{Refusal, Result};
use crate::spool::Spooled;
use fields::Fields;

/// Which of the API's faces is asked. They differ where the sources do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// The Aliyun market's: waits unless told otherwise, and a mask wins over rectangles.
    Aliyun,
    /// PicWish's own: asynchronous unless told otherwise; mask and rectangles exclude each other.
    PicWish,
}

/// A create request.
#[derive(Debug)]
pub(crate) struct Create {
    pub(crate) image: Source,
    pub(crate) region: Region,
    pub(crate) wait: bool,
    pub(crate) return_type: ReturnType,
}

/// Where a file comes from, and the field that says so.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) field: &'static str,
    pub(crate) from: From,
}

/// The file itself, in memory or on the disk, or its address.
#[derive(Debug)]
pub(crate) enum From {
    File(Bytes),
    Spooled(Spooled),
    Url(Url),
}

/// What is to be repaired, as it was given.
#[derive(Debug)]
pub(crate) enum Region {
    Mask(Source),
    Rectangles(Vec<LooseRectangle>),
}

/// Reads and judges a create request. It blocks.
pub(crate) fn read(face: Face, form: &Form, body: Spooled) -> Result<Create> {
    judge(face, forms::read(form, body)?)
}

/// A compressed body would be read as a broken one; and what it unpacks to has no bound.
pub(crate) fn check_encoding(headers: &HeaderMap) -> Result<()> {
    let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter().map(HeaderValue::as_bytes);
    match encodings.find(|encoding| !encoding.is_empty() && !encoding.eq_ignore_ascii_case(b"identity")) {
        Some(encoding) => {
            Err(Refusal::BodyEncoding { found: String::from_utf8_lossy(encoding).chars().take(40).collect() })
        }
        None => Ok(()),
    }
}

fn judge(face: Face, mut fields: Fields) -> Result<Create> {
    let sync = fields.take_choice("sync", [0, 1], "0 or 1")?;
    let return_type = fields.take_choice("return_type", [1, 2], "1 or 2")?;
    let image = source(&mut fields, ["image_file", "image_base64", "image_url"])?.ok_or(Refusal::ImageMissing)?;
    let mask = source(&mut fields, ["mask_file", "mask_base64", "mask_url"])?;
    let region = match mask {
        Some(_) if face == Face::PicWish && fields.has("rectangles") => return Err(Refusal::MaskAndRectangles),
        Some(mask) => Region::Mask(mask),
        None => Region::Rectangles(fields.take_rectangles()?.ok_or(Refusal::RegionMissing)?),
    };
    Ok(Create {
        image,
        region,
        wait: sync.map_or(face == Face::Aliyun, |sync| sync == 1),
        return_type: return_type.and_then(ReturnType::from_number).unwrap_or_default(),
    })
}

/// The one source among a file, base64 and an address.
fn source(fields: &mut Fields, [file, base64, url]: [&'static str; 3]) -> Result<Option<Source>> {
    let mut given = [file, base64, url].into_iter().filter(|name| fields.has(name));
    let (first, second) = (given.next(), given.next());
    if let (Some(first), Some(second)) = (first, second) {
        return Err(Refusal::TwoSources { first, second });
    }
    let Some(field) = first else { return Ok(None) };
    let from = if field == file {
        fields.take_file(file)?.map(From::File)
    } else if field == base64 {
        fields.take_base64(base64)?.map(From::File)
    } else {
        fields.take_url(url)?.map(From::Url)
    };
    Ok(from.map(|from| Source { field, from }))
}
