//! The description of the API (OpenAPI), made of the types and limits that the handlers use.
//!
//! Each function describes one kind of route; `app` puts it beside the route itself, so that there
//! is no route without a description and no description without a route.

mod forms;

use axum::http::StatusCode;
use reweave::contract::{Reply, TaskData};
use strum::VariantNames;
use utoipa::ToSchema;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ComponentsBuilder, ContentBuilder, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, PathsBuilder,
    Ref, Required, Response, ResponseBuilder, Type, schema::AdditionalProperties,
};

use crate::error::Refusal;
use crate::idempotency::MAX_LENGTH;
use crate::intake::Face;

/// What a create may answer beside 200.
const OF_CREATE: [u16; 9] = [400, 401, 403, 405, 408, 413, 421, 429, 503];

/// What a query may answer beside 200.
const OF_QUERY: [u16; 7] = [400, 401, 403, 404, 405, 421, 429];

/// The whole description.
pub(crate) fn document(items: impl IntoIterator<Item = (String, PathItem)>) -> OpenApi {
    let paths = items.into_iter().fold(PathsBuilder::new(), |paths, (path, item)| paths.path(path, item));
    let info = InfoBuilder::new()
        .title("Reweave's endpoint")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Takes a picture and what of it is to be repaired, answers with the repaired picture."));
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components())).build()
}

/// A create of a face.
pub(crate) fn create(face: Face, path: &str) -> PathItem {
    let waits = match face {
        Face::Aliyun => "Without sync it waits for the repaired picture. A mask wins over rectangles.",
        Face::PicWish => "Without sync it answers with the task's id. A mask and rectangles exclude each other.",
    };
    let operation = operation(&format!("create {path}"), "Has a picture repaired", &OF_CREATE)
        .description(Some(waits))
        .parameter(idempotency_key())
        .request_body(Some(forms::body()))
        .response("200", json("The task: state below 0 where it failed.", &Reply::name()));
    PathItem::new(HttpMethod::Post, secured(operation))
}

/// The query of a face.
pub(crate) fn query(path: &str) -> PathItem {
    let operation = operation(&format!("query {path}"), "What is known of a task", &OF_QUERY)
        .parameter(parameter("task_id", ParameterIn::Path, Type::String, "The id that a create answered with."))
        .response("200", json("The task, with its image when its state is 1.", &Reply::name()));
    PathItem::new(HttpMethod::Get, secured(operation))
}

/// A result link.
pub(crate) fn result() -> PathItem {
    let operation = operation("result", "The picture of a result link", &[404, 405, 421]).parameter(parameter(
        "name",
        ParameterIn::Path,
        Type::String,
        "The id of the result and what it is, as .png.",
    ));
    PathItem::new(HttpMethod::Get, linked(operation))
}

/// A link to what another endpoint is to fetch.
pub(crate) fn input() -> PathItem {
    let operation = operation("input", "A file for the endpoint that is relayed to", &[404, 405, 421])
        .parameter(parameter("id", ParameterIn::Path, Type::String, "The id of the task."))
        .parameter(parameter("name", ParameterIn::Path, Type::String, "Which of its files."));
    PathItem::new(HttpMethod::Get, linked(operation))
}

/// What all signed links to pictures have in common.
fn linked(operation: OperationBuilder) -> OperationBuilder {
    let denied = ResponseBuilder::new()
        .description("The link has expired or was changed.")
        .content("application/xml", ContentBuilder::new().build());
    let picture = ContentBuilder::new().schema(Some(forms::binary("The picture."))).build();
    let pictures = ["image/png", "image/jpeg", "image/webp"].into_iter();
    let pictures = pictures.fold(ResponseBuilder::new().description("The picture."), |response, kind| {
        response.content(kind, picture.clone())
    });
    operation
        .parameter(parameter("expires", ParameterIn::Query, Type::Integer, "As the link has it."))
        .parameter(parameter("signature", ParameterIn::Query, Type::String, "As the link has it."))
        .response("200", pictures)
        .response("403", denied)
}

/// `/healthz`.
pub(crate) fn health() -> PathItem {
    let text = ContentBuilder::new().schema(Some(ObjectBuilder::new().schema_type(Type::String))).build();
    let operation = operation("health", "Whether the endpoint runs", &[405, 421])
        .response("200", ResponseBuilder::new().description("It runs.").content("text/plain; charset=utf-8", text));
    PathItem::new(HttpMethod::Get, operation)
}

/// This description.
pub(crate) fn itself() -> PathItem {
    let any = ContentBuilder::new().schema(Some(ObjectBuilder::new())).build();
    let operation = operation("openapi", "This description", &[405, 421])
        .response("200", ResponseBuilder::new().description("It.").content("application/json", any));
    PathItem::new(HttpMethod::Get, operation)
}

fn operation(id: &str, summary: &str, refusals: &[u16]) -> OperationBuilder {
    let id = id.replace(['/', ' '], "-");
    let start = OperationBuilder::new().operation_id(Some(id)).summary(Some(summary));
    let refused = refusals.iter().chain([&500]);
    refused.fold(start, |operation, status| operation.response(status.to_string(), refusal(*status)))
}

/// With any of the ways to show who asks; none is needed where the endpoint asks for none.
fn secured(operation: OperationBuilder) -> Operation {
    let by = |name: &str| SecurityRequirement::new::<_, [&str; 0], _>(name, []);
    let ways = [by("authorization"), by("key"), by("session"), SecurityRequirement::default()];
    operation.securities(Some(ways)).build()
}

fn json(description: &str, schema: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(schema))).build();
    ResponseBuilder::new().description(description).content("application/json", content).build()
}

fn refusal(status: u16) -> Response {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    let mut response = json(reason, "Refused");
    if matches!(status, 429 | 503) {
        let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
        let header = HeaderBuilder::new().schema(Some(seconds)).description(Some("Seconds to wait.")).build();
        response.headers.insert("Retry-After".into(), header.into());
    }
    response
}

fn parameter(name: &str, place: ParameterIn, kind: Type, description: &str) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(kind)))
}

fn idempotency_key() -> ParameterBuilder {
    let key = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(MAX_LENGTH));
    let text = "Visible ASCII characters; a create that comes again with the same key is the same task.";
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(text))
        .schema(Some(key.pattern(Some("^[!-~]+$"))))
}

fn components() -> Components {
    let scheme = |name: &str, text: &str| ApiKeyValue::with_description(name, text);
    let authorization = scheme("Authorization", "`APPCODE` or `Bearer`, one space, and the key.");
    let session = scheme("reweave-session", "What loading the page gives, where the endpoint asks for it.");
    ComponentsBuilder::new()
        .schema_from::<Reply>()
        .schema_from::<TaskData>()
        .schema("Refused", refused())
        .schema("ErrorCode", ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes())))
        .security_scheme("authorization", SecurityScheme::ApiKey(ApiKey::Header(authorization)))
        .security_scheme("key", SecurityScheme::ApiKey(ApiKey::Header(scheme("X-API-KEY", "The key."))))
        .security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(session)))
        .build()
}

/// The envelope of a refusal: no data, and what was wrong.
fn refused() -> ObjectBuilder {
    let error = ObjectBuilder::new()
        .property("code", Ref::from_schema_name("ErrorCode"))
        .required("code")
        .description(Some("The stable code; beside it the offending value and its bound."));
    ObjectBuilder::new()
        .property("status", ObjectBuilder::new().schema_type(Type::Integer).description(Some("The HTTP status.")))
        .property("message", ObjectBuilder::new().schema_type(Type::String).description(Some("For people.")))
        .property("error", error)
        .required("status")
        .required("message")
        .required("error")
        .additional_properties(Some(AdditionalProperties::<utoipa::openapi::Schema>::FreeForm(false)))
}

/// Our own codes and those of the crate's rules.
fn codes() -> Vec<&'static str> {
    let wrappers = ["mask", "rule"];
    let own = Refusal::VARIANTS.iter().filter(|code| !wrappers.contains(code));
    let mut codes: Vec<_> = own.chain(reweave::Error::VARIANTS).copied().collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}
