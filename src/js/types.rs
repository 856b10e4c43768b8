//! The TypeScript types of arguments and answers. Values of these types are judged when they
//! arrive: a type is a promise to the caller's editor, not a check.

use wasm_bindgen::prelude::*;

#[cfg(feature = "marks")]
#[wasm_bindgen(typescript_custom_section)]
const MARKS: &str = r##"
/** How a host's canvas becomes a mask. */
export interface FromCanvasOptions {
    /** Which channel says what is marked; default "alpha". */
    channel?: "alpha" | "red" | "green" | "blue" | "luma";
    /** Marked from this value on, 1 to 255; default 128. */
    threshold?: number;
    /** Marked where the channel is below the threshold instead. */
    invert?: boolean;
}

/** How marks are painted. */
export interface PaintOptions {
    /** "#rrggbb"; default "#ff2d55". */
    color?: string;
    /** 0 to 1; default 0.5. */
    opacity?: number;
}

/** Where the picture lies on a canvas: canvas = picture × scale + offset. */
export interface ViewTransform {
    scale: number;
    offsetX: number;
    offsetY: number;
}
"##;

#[cfg(feature = "fill")]
#[wasm_bindgen(typescript_custom_section)]
const ENGINE: &str = r##"
/** What an endpoint takes: bytes of a file, pixels of a side. */
export interface EndpointLimits {
    maxBytes: number;
    maxSide: number;
}

/** What one step of a fill did. */
export interface FillStep {
    kind: "working" | "preview" | "done";
    progress: Progress | null;
}
"##;

#[wasm_bindgen]
extern "C" {
    /// A rectangle of whole pixels.
    #[wasm_bindgen(typescript_type = "Rectangle")]
    pub type JsRectangle;
}

#[cfg(feature = "marks")]
#[wasm_bindgen]
extern "C" {
    /// How a host's canvas becomes a mask.
    #[wasm_bindgen(typescript_type = "FromCanvasOptions | undefined")]
    pub type FromCanvasOptions;
    /// How marks are painted.
    #[wasm_bindgen(typescript_type = "PaintOptions | undefined")]
    pub type PaintOptions;
    /// Where the picture lies on a canvas.
    #[wasm_bindgen(typescript_type = "ViewTransform")]
    pub type ViewTransform;
    /// Rectangles.
    #[wasm_bindgen(typescript_type = "Rectangle[]")]
    pub type JsRectangles;
    /// A rectangle or nothing.
    #[wasm_bindgen(typescript_type = "Rectangle | null")]
    pub type MaybeRectangle;
    /// Rectangles or nothing.
    #[wasm_bindgen(typescript_type = "Rectangle[] | null")]
    pub type MaybeRectangles;
    /// What is marked, in numbers.
    #[wasm_bindgen(typescript_type = "Summary")]
    pub type JsSummary;
    /// A 2D context of a page or a worker.
    #[wasm_bindgen(typescript_type = "CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D")]
    pub type Context2d;
    /// What a host drew on.
    #[wasm_bindgen(typescript_type = "HTMLCanvasElement | OffscreenCanvas | ImageData")]
    pub type CanvasSource;
    /// Hears of progress, 0 to 1.
    #[wasm_bindgen(typescript_type = "((fraction: number) => void) | undefined")]
    pub type OnProgress;
}

#[cfg(feature = "fill")]
#[wasm_bindgen]
extern "C" {
    /// What is known of an opened picture.
    #[wasm_bindgen(typescript_type = "Opened")]
    pub type JsOpened;
    /// What an endpoint takes.
    #[wasm_bindgen(typescript_type = "EndpointLimits")]
    pub type JsLimits;
    /// Changed pixels on both sides of a region.
    #[wasm_bindgen(typescript_type = "Changes")]
    pub type JsChanges;
    /// What one step of a fill did.
    #[wasm_bindgen(typescript_type = "FillStep")]
    pub type JsFillStep;
}
