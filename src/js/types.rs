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
    /** In a view: thickness of the dashes round what is marked, 0 to 8 canvas pixels; default 0. */
    edge?: number;
}

/** Where the picture lies on a canvas: canvas = picture × scale + offset. */
export interface ViewTransform {
    scale: number;
    offsetX: number;
    offsetY: number;
}
"##;

#[wasm_bindgen(typescript_custom_section)]
const LIMITS: &str = r##"
/** What an endpoint takes: bytes of a file, pixels of a side. */
export interface EndpointLimits {
    maxBytes: number;
    maxSide: number;
}
"##;

#[cfg(feature = "contract")]
#[wasm_bindgen(typescript_custom_section)]
const CONTRACT: &str = r##"
/** The fields of a create request, by the contract's names. */
export type FieldRole =
    | "image_url" | "image_file" | "image_base64"
    | "mask_url" | "mask_file" | "mask_base64"
    | "rectangles" | "sync" | "return_type";

/** How long things may take, in milliseconds. */
export interface EndpointTiming {
    /** From one poll's reply to the next poll; default 1000. */
    pollInterval?: number;
    /** For a create request's body to be sent; default 120000. */
    upload?: number;
    /** From the body's end to the reply; default 45000. */
    reply?: number;
    /** From the reply with the task id to the result; default 30000. */
    processing?: number;
    /** For one poll; default 15000. */
    query?: number;
    /** For fetching the result; default 30000. */
    fetch?: number;
    /** How long a create that was over the rate is sent again; default 60000. */
    patience?: number;
}

/** An endpoint: a kind that is known, and whatever differs from it. */
export interface EndpointSettings {
    /** Id of a profile; default "custom". */
    profile?: string;
    /** Address of the create call; default the profile's. */
    url?: string;
    /** Address of a task, with {task_id} and perhaps {create} in it; a path is one of the same host. */
    queryUrl?: string;
    /** Header of the key. */
    header?: string;
    /** What stands before a bare key in Authorization. */
    scheme?: string;
    /** The key; it is kept in memory only. */
    key?: string;
    body?: BodyForm;
    answers?: Answers;
    /** The endpoint's names of the fields; an empty one says that it does not take that. */
    fields?: Partial<Record<FieldRole, string>>;
    /** Most requests in a second, polls among them. */
    perSecond?: number;
    maxBytes?: number;
    maxSide?: number;
    /** Largest marked share. */
    maxPercent?: number;
    timing?: EndpointTiming;
}

/** Where a picture is uploaded for an endpoint that takes addresses only. */
export interface UploadSettings {
    /** A presigned PUT (default), or a POST that answers with `{ "url": … }`. */
    method?: "PUT" | "POST";
    /** The address; {name} in it stands for the file's name. */
    url: string;
    /** Where a file that was PUT is read; default: the same address without its query. */
    readUrl?: string;
}

/** What is sent to an endpoint. */
export interface RepairRequest {
    /** The picture's file, or an address that the endpoint can reach. */
    image: Uint8Array | string;
    /** The file's MIME type. */
    mime?: string;
    rectangles?: readonly Rectangle[] | null;
    /** A PNG of 0 and 255, or its address; not looked at where there are rectangles. */
    mask?: Uint8Array | string | null;
    /** Whether to ask for a link instead of base64. */
    asLink?: boolean;
}

/** A result as it was delivered. */
export interface Delivery {
    bytes: Uint8Array<ArrayBuffer>;
    /** The link that it was fetched from. */
    link: string | null;
    /** When the link expires, in unix seconds. */
    expires: number | null;
}

/** What a repair at an endpoint is doing. */
export type EndpointStage = "send" | "wait" | "fetch";
"##;

#[cfg(feature = "fill")]
#[wasm_bindgen(typescript_custom_section)]
const ENGINE: &str = r##"
/** What one step of a fill did. */
export interface FillStep {
    kind: "working" | "preview" | "waiting" | "done";
    progress: Progress | null;
}
"##;

#[wasm_bindgen]
extern "C" {
    /// A rectangle of whole pixels.
    #[wasm_bindgen(typescript_type = "Rectangle")]
    pub type JsRectangle;
    /// What an endpoint takes.
    #[wasm_bindgen(typescript_type = "EndpointLimits")]
    pub type JsLimits;
}

#[cfg(feature = "contract")]
#[wasm_bindgen]
extern "C" {
    /// An endpoint's settings.
    #[wasm_bindgen(typescript_type = "EndpointSettings")]
    pub type EndpointSettings;
    /// An upload's settings.
    #[wasm_bindgen(typescript_type = "UploadSettings")]
    pub type UploadSettings;
    /// What is sent to an endpoint.
    #[wasm_bindgen(typescript_type = "RepairRequest")]
    pub type RepairRequest;
    /// A result as it was delivered.
    #[wasm_bindgen(typescript_type = "Delivery")]
    pub type JsDelivery;
    /// The kinds of endpoints that are known.
    #[wasm_bindgen(typescript_type = "ProfileInfo[]")]
    pub type JsProfiles;
    /// Hears what a repair at an endpoint is doing, and how much of it is done, 0 to 1.
    #[wasm_bindgen(typescript_type = "((stage: EndpointStage, fraction: number) => void) | undefined")]
    pub type OnProgress;
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
    /// Rectangle marks.
    #[wasm_bindgen(typescript_type = "Shape[]")]
    pub type JsShapes;
    /// The steps that are done.
    #[wasm_bindgen(typescript_type = "LoggedStep[]")]
    pub type JsLog;
    /// A 2D context of a page or a worker.
    #[wasm_bindgen(typescript_type = "CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D")]
    pub type Context2d;
    /// What a host drew on.
    #[wasm_bindgen(typescript_type = "HTMLCanvasElement | OffscreenCanvas | ImageData")]
    pub type CanvasSource;
}

#[cfg(feature = "fill")]
#[wasm_bindgen]
extern "C" {
    /// What is known of an opened picture.
    #[wasm_bindgen(typescript_type = "Opened")]
    pub type JsOpened;
    /// What was taken of a delivered picture.
    #[wasm_bindgen(typescript_type = "Accepted")]
    pub type JsAccepted;
    /// A fill that was taken as a version.
    #[wasm_bindgen(typescript_type = "Filled")]
    pub type JsFilled;
    /// What the header of a picture's file says.
    #[wasm_bindgen(typescript_type = "Probed")]
    pub type JsProbed;
    /// What one step of a fill did.
    #[wasm_bindgen(typescript_type = "FillStep")]
    pub type JsFillStep;
}
