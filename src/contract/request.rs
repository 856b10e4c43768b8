//! The create request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::geometry::Rectangle;

/// What of the picture is to be repaired, in the form in which it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Region {
    /// 1 to 50 checked rectangles.
    Rectangles(Vec<Rectangle>),
    /// A mask of strictly 0 and 255, as the bytes of a PNG.
    MaskPng(Vec<u8>),
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

/// The JSON body of a create call, with the fields as they are on the wire.
///
/// Exactly one image source and one of mask and rectangles is set in what we send.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CreateBody {
    /// Address of the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    /// The picture's file in base64, without a `data:` prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_base64: Option<String>,
    /// Address of the mask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mask_url: Option<String>,
    /// The mask's file in base64, without a `data:` prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mask_base64: Option<String>,
    /// Rectangles as a *string that holds JSON*.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rectangles: Option<String>,
    /// 1 = the reply waits for the result, 0 = it carries a task id only.
    pub sync: u8,
    /// 1 = link, 2 = base64.
    pub return_type: u8,
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

impl CreateBody {
    /// A request that carries the picture's file itself and is answered with a task id.
    #[must_use]
    pub fn with_file(image: &[u8], region: &Region, return_type: ReturnType) -> Self {
        let (mask_base64, rectangles) = match region {
            Region::Rectangles(list) => (None, Some(Rectangle::to_wire(list))),
            Region::MaskPng(png) => (Some(STANDARD.encode(png)), None),
        };
        Self {
            image_base64: Some(STANDARD.encode(image)),
            mask_base64,
            rectangles,
            sync: 0,
            return_type: return_type.number(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_go_as_a_string_that_holds_json() {
        let region = Region::Rectangles(vec![Rectangle { x: 0, y: 0, width: 100, height: 100 }]);
        let body = CreateBody::with_file(b"\xff\xd8\xff", &region, ReturnType::Url);
        let json = serde_json::to_string(&body).expect("serialises");
        assert_eq!(
            json,
            r#"{"image_base64":"/9j/","rectangles":"[{\"x\":0,\"y\":0,\"width\":100,\"height\":100}]","sync":0,"return_type":1}"#
        );
    }

    #[test]
    fn a_mask_goes_without_a_data_prefix_and_without_rectangles() {
        let body = CreateBody::with_file(b"abc", &Region::MaskPng(b"png".to_vec()), ReturnType::Base64);
        assert_eq!((body.mask_base64.as_deref(), body.rectangles, body.return_type), (Some("cG5n"), None, 2));
    }
}
