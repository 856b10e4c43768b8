//! The one error type of the crate.
//!
//! Each variant is one stable code: its name in kebab case, both in [`Error::code`] and in the
//! `code` of the serialised form, from which the TypeScript union is generated. The fields are
//! the offending value and its bound, so that a message in any language can be made from them.
//! No variant carries a credential or a request body; a result's link is the only address in one, and
//! stands in its fields alone, never in its message.

use serde::Serialize;

use crate::geometry::Rectangle;
use crate::loose::shown_number;

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What was refused or went wrong, with the offending value and its bound.
#[derive(Debug, Clone, PartialEq, thiserror::Error, strum::IntoStaticStr, Serialize)]
#[cfg_attr(
    all(feature = "js", target_arch = "wasm32"),
    derive(tsify::Tsify),
    tsify(type_suffix = "Details", missing_as_null)
)]
#[cfg_attr(feature = "openapi", derive(strum::VariantNames))]
#[serde(tag = "code", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum Error {
    // ---- the picture ----
    /// The file holds no bytes.
    #[error("the file is empty (0 bytes)")]
    EmptyFile,
    /// The first bytes are those of no picture format that is read here.
    #[error("not a picture that can be read: the first bytes are {head} (JPEG, PNG, WebP, BMP and TIFF are read)")]
    NotAPicture {
        /// Up to eight first bytes, in hexadecimal.
        head: String,
    },
    /// The file is a GIF, which the contract refuses.
    #[error("GIF is not repaired: convert the picture to PNG or JPEG first")]
    GifRefused,
    /// The format is known, the content is broken.
    #[error("the {format} file cannot be read: {reason}")]
    PictureBroken {
        /// Name of the format.
        format: String,
        /// What the decoder says.
        reason: String,
    },
    /// The file has more bytes than the limit.
    #[error("the file has {bytes} bytes, at most {max} are accepted")]
    FileTooLarge {
        /// Size of the file.
        bytes: u64,
        /// Largest accepted size.
        max: u64,
    },
    /// Width or height is over the limit, or zero.
    #[error("the picture has {width} × {height} pixels, at most {max_width} × {max_height} are accepted")]
    PictureDimensions {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Largest accepted width.
        max_width: u32,
        /// Largest accepted height.
        max_height: u32,
    },
    /// A picture's address is not a complete http or https one.
    #[error("the picture's address is not a complete http or https URL")]
    PictureUrl,
    /// A picture's address was answered, but not with success.
    #[error("the picture's address answered HTTP {status}")]
    PictureStatus {
        /// The HTTP status.
        status: u16,
    },
    /// At a picture's address is nothing that can be shown.
    #[error("nothing that can be shown was found at the picture's address")]
    PictureUnreachable,
    /// Working on this needs more memory than there is.
    #[error("this needs {needed} bytes of memory, at most {max} can be used")]
    Memory {
        /// Bytes that would be needed.
        needed: u64,
        /// Bytes that may be used.
        max: u64,
    },
    /// The picture could not be encoded.
    #[error("the picture cannot be encoded as {format}: {reason}")]
    Encode {
        /// Name of the format.
        format: String,
        /// What the encoder says.
        reason: String,
    },
    /// Samples of another number than width × height × channels, or an impossible channel count.
    #[error("{actual} samples were given where {expected} are needed")]
    SampleCount {
        /// What was given.
        actual: u64,
        /// What is needed.
        expected: u64,
    },

    // ---- rectangles and masks ----
    /// A field of a rectangle is not an integral number, or is missing.
    #[error("rectangle {index}: {field} is {value}, must be an integer")]
    RectangleNotInteger {
        /// Position in the list, from 0.
        index: u32,
        /// `x`, `y`, `width` or `height`.
        field: String,
        /// The value as it was given.
        value: String,
    },
    /// A field of a rectangle is below its least value (0 for x, y; 1 for width, height).
    #[error("rectangle {index}: {field} is {value}, must be at least {min}")]
    RectangleTooSmall {
        /// Position in the list, from 0.
        index: u32,
        /// `x`, `y`, `width` or `height`.
        field: String,
        /// The value as it was given.
        value: String,
        /// Least accepted value.
        min: u32,
    },
    /// A rectangle leaves the picture; `clipped` is the part inside, if there is one.
    #[error("rectangle {index}: {field} ends at {end}, the picture ends at {max}")]
    RectangleOutside {
        /// Position in the list, from 0.
        index: u32,
        /// `x` or `y`: the axis that leaves the picture (the first that does).
        field: String,
        /// Exclusive end of the rectangle on that axis.
        end: String,
        /// Width or height of the picture.
        max: u32,
        /// The part that lies inside the picture, which the caller may accept instead.
        clipped: Option<Rectangle>,
    },
    /// More rectangles than an endpoint takes.
    #[error("{count} rectangles were given, at most {max} are accepted")]
    TooManyRectangles {
        /// How many were given.
        count: u32,
        /// How many are accepted.
        max: u32,
    },
    /// The list of rectangles is not a list of objects.
    #[error("rectangles must be a list of objects with x, y, width and height: {reason}")]
    RectanglesMalformed {
        /// What is wrong with it.
        reason: String,
    },
    /// Nothing is marked.
    #[error("nothing is marked: 0 pixels to repair, at least 1 is needed")]
    EmptyMask,
    /// The whole picture is marked: there is nothing to continue into the region.
    #[error("the whole picture is marked: at least 1 pixel must stay")]
    FullMask,
    /// The mask has another size than the picture.
    #[error("the mask has {width} × {height} pixels, the picture has {picture_width} × {picture_height}")]
    MaskSize {
        /// Width of the mask.
        width: u32,
        /// Height of the mask.
        height: u32,
        /// Width of the picture.
        picture_width: u32,
        /// Height of the picture.
        picture_height: u32,
    },
    /// The search area leaves no whole patch from which a wide part could be made.
    #[error("the search area leaves no {side} × {side} pixels from which the marked part could be filled")]
    SearchArea {
        /// Side of a patch.
        side: u32,
    },
    /// More of the picture is marked than an endpoint takes.
    #[error("{} % of the picture is marked, at most {max_percent} % is accepted", shown_number(*percent))]
    Coverage {
        /// Marked share in percent.
        percent: f64,
        /// Largest accepted share in percent.
        max_percent: u32,
    },
    /// A number is outside its range, or not a number.
    #[error("{name} is {value}, must be from {} to {}", shown_number(*min), shown_number(*max))]
    OutOfRange {
        /// Name of the number.
        name: String,
        /// The value as it was given.
        value: String,
        /// Least accepted value.
        min: f64,
        /// Largest accepted value.
        max: f64,
    },
    /// A call came in the wrong order, for example a stroke was extended that was not begun.
    #[error("{call} is not possible now: {reason}")]
    OutOfOrder {
        /// The call.
        call: String,
        /// Why not.
        reason: String,
    },
    /// No version of the picture has this number, or no longer.
    #[error("there is no version {version} of the picture")]
    NoSuchVersion {
        /// The number as it was given.
        version: u32,
    },
    /// Nothing in the area stands out from its background like text, lines or a logo.
    #[error(
        "no strokes were found in the {} × {} pixels at {}, {}: nothing there stands out from its background",
        area.width, area.height, area.x, area.y
    )]
    NoStrokes {
        /// The area that was searched.
        area: Rectangle,
    },

    /// A project's file is none, or holds what no call here takes.
    #[error("the project's file cannot be read: {reason}")]
    ProjectMalformed {
        /// What is wrong with it, and where.
        reason: String,
    },
    /// A project's file was written by a later version.
    #[error("the project's file has the version {version}, at most {max} is read here")]
    ProjectVersion {
        /// The version of the file.
        version: u32,
        /// The latest version that is read.
        max: u32,
    },

    // ---- the endpoint ----
    /// The address of the endpoint is not a complete http or https URL.
    #[error("the endpoint's address is not a complete http or https URL")]
    EndpointUrl,
    /// The header name is not one, or one that the browser keeps to itself.
    #[error("\"{name}\" cannot be used as the name of the key's header")]
    HeaderName {
        /// The name as it was given.
        name: String,
    },
    /// The endpoint answers nobody without a key, and none was given.
    #[error("this endpoint needs a key, and none was given")]
    KeyMissing,
    /// The key holds a character that no header can carry.
    #[error("the key holds a character that cannot be sent in a header")]
    KeyCharacters,
    /// The endpoint takes addresses only, and nothing says how to upload the picture.
    #[error("this endpoint takes addresses only: set an upload, so that the picture gets one")]
    UploadNeeded,
    /// The address of the upload is not a complete http or https URL.
    #[error("the upload's address is not a complete http or https URL")]
    UploadUrl,
    /// The upload's address is that of one object, and a picture and a mask are to be uploaded.
    #[error("the upload's address needs {{name}} in it: a picture and a mask are uploaded")]
    UploadName,
    /// The upload was answered, but not with success.
    #[error("the upload was answered HTTP {status}")]
    UploadStatus {
        /// The HTTP status.
        status: u16,
    },
    /// No connection, or the upload's host does not allow this page (CORS).
    #[error("the upload's host cannot be reached, or does not allow this page (CORS)")]
    UploadUnreachable,
    /// The upload's answer does not say where the file lies.
    #[error("the upload's answer holds no complete http or https address")]
    UploadReply,
    /// An address is longer than an endpoint takes.
    #[error("the address has {characters} characters, at most {max} are accepted")]
    UrlLength {
        /// Its length.
        characters: u32,
        /// Greatest length.
        max: u32,
    },
    /// The picture is shown from an address whose host does not let the page read it.
    #[error(
        "the picture's host does not let this page read it (CORS): only an endpoint that takes addresses can repair it"
    )]
    PictureUnreadable,
    /// No connection, or the browser was not allowed to read the answer (CORS).
    #[error("the endpoint cannot be reached, or does not allow this page to read its answers (CORS)")]
    Unreachable,
    /// The HTTP status was not 200.
    #[error("the endpoint answered HTTP {status}{}", reason(message))]
    HttpStatus {
        /// The HTTP status.
        status: u16,
        /// What the endpoint says of it, if anything.
        message: Option<String>,
    },
    /// HTTP 200, but the status in the JSON was not 200.
    #[error("the endpoint answered status {status}{}", reason(message))]
    JsonStatus {
        /// The status in the body.
        status: i64,
        /// What the endpoint says of it, if anything.
        message: Option<String>,
    },
    /// The reply is not JSON (often an HTML page of a proxy or a wrong address).
    #[error("the endpoint did not answer in JSON but {found}: is the address right?")]
    ReplyNotJson {
        /// What came instead: a content type, or "nothing".
        found: String,
    },
    /// The reply is JSON, but not one of the contract.
    #[error("the endpoint's reply lacks {field}")]
    ReplyIncomplete {
        /// What is missing.
        field: String,
    },
    /// The task ended with a negative state.
    #[error("the repair failed at the endpoint: state {state}{}", reason(detail))]
    TaskFailed {
        /// The state, below 0.
        state: i64,
        /// `state_detail` or `message`, if there is one.
        detail: Option<String>,
    },
    /// The endpoint did not finish in time.
    #[error("the endpoint did not finish within {seconds} s")]
    Deadline {
        /// The deadline that ran out.
        seconds: u32,
    },
    /// The result's link is not http, https or a data URL of a picture.
    #[error("the result's address is not an http, https or data:image address")]
    ResultLink,
    /// The result could not be fetched.
    #[error("the result cannot be fetched: the link answered HTTP {status} (it may have expired)")]
    ResultStatus {
        /// The HTTP status.
        status: u16,
    },
    /// The result could not be read by this page. Who has the link can still look at it.
    #[error("the result's link cannot be reached, or does not allow this page to read it (CORS)")]
    ResultUnreachable {
        /// The link: signed, so as good as the picture itself.
        link: String,
        /// When it expires in unix seconds, where it says so.
        expires: Option<f64>,
    },
    /// The result has another size than the picture.
    #[error("the result has {width} × {height} pixels, the picture has {picture_width} × {picture_height}")]
    ResultSize {
        /// Width of the result.
        width: u32,
        /// Height of the result.
        height: u32,
        /// Width of the picture.
        picture_width: u32,
        /// Height of the picture.
        picture_height: u32,
    },
    /// The picture cannot be made small enough for the endpoint.
    #[error("the picture cannot be brought under {max} bytes for the endpoint")]
    CannotFit {
        /// The endpoint's limit in bytes.
        max: u64,
    },
    /// The user cancelled.
    #[error("cancelled")]
    Cancelled,

    // ---- the host ----
    /// The worker ended or did not start.
    #[error("the repair's worker was lost: {reason}")]
    WorkerLost {
        /// What is known of it.
        reason: String,
    },
    /// A WebAssembly module did not come, or is not what it must be.
    #[error("{file} could not be loaded: {reason}")]
    ModuleLost {
        /// Its file.
        file: String,
        /// What is known of it.
        reason: String,
    },
    /// A value from JavaScript had another type or shape than the call takes.
    #[error("{name} is not what this call takes: {reason}")]
    Argument {
        /// Name of the argument.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A 2D context could not be read or painted on.
    #[error("the canvas cannot be used: {reason}")]
    Canvas {
        /// What the browser says.
        reason: String,
    },
    /// A fault of Reweave itself.
    #[error("a fault in Reweave: {reason}")]
    Internal {
        /// What is known of it.
        reason: String,
    },
}

impl Error {
    /// The stable code: the variant's name in kebab case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// A value of another type or shape than the call takes.
    #[must_use]
    pub fn argument(name: &str, reason: &str) -> Self {
        Self::Argument { name: name.into(), reason: reason.into() }
    }

    /// A number that is outside its range.
    #[must_use]
    pub fn out_of_range(name: impl Into<String>, value: f64, min: f64, max: f64) -> Self {
        Self::OutOfRange { name: name.into(), value: shown_number(value), min, max }
    }

    /// A fault of Reweave itself, which no input should be able to reach.
    #[must_use]
    pub fn internal(reason: impl Into<String>) -> Self {
        Self::Internal { reason: reason.into() }
    }
}

fn reason(message: &Option<String>) -> String {
    match message {
        Some(text) if !text.is_empty() => format!(": {text}"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_the_tag_of_the_serialised_form() {
        let errors = [
            Error::EmptyFile,
            Error::HttpStatus { status: 401, message: None },
            Error::RectangleNotInteger { index: 2, field: "x".into(), value: "1.5".into() },
            Error::EndpointUrl,
        ];
        for error in errors {
            let json = serde_json::to_value(&error).expect("serialises");
            assert_eq!(json["code"], error.code());
        }
    }

    #[test]
    fn fields_are_in_camel_case() {
        let error = Error::MaskSize { width: 1, height: 2, picture_width: 3, picture_height: 4 };
        let json = serde_json::to_value(&error).expect("serialises");
        assert_eq!(json["pictureWidth"], 3);
    }
}
