//! The upload that comes before a create call where an endpoint takes addresses only.
//!
//! Two ways that any object store has: a presigned `PUT` of the file, after which it lies at the
//! same address without the query (or at one that the settings name), and a `POST` to a server of
//! the user's that answers with the address. `{name}` in an address stands for the file's name.

use super::endpoint::{authority, checked, is_readable};
use super::request::checked_url;
use crate::error::{Error, Result};
use crate::loose::Loose;

/// How a file is uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The file is the body of a `PUT`.
    Put,
    /// The file is the field `file` of a multipart `POST`; the answer names the address.
    Post,
}

/// Checked settings of an upload. The address may be signed: it has no `Debug` that shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    method: Method,
    url: String,
    read_url: String,
}

const NAME: &str = "{name}";

impl Upload {
    /// Of settings as they come from a page: `method` ("PUT" or "POST"), `url`, and for a `PUT`
    /// optionally `readUrl`, where the file can be read afterwards.
    ///
    /// # Errors
    /// [`Error::UploadUrl`] for an address that is no complete http or https one;
    /// [`Error::Argument`] for another method.
    pub fn from_settings(settings: &Loose) -> Result<Self> {
        let text = |name: &str| settings.get(name).text().unwrap_or_default().trim();
        let method = match text("method") {
            "PUT" | "" => Method::Put,
            "POST" => Method::Post,
            other => return Err(Error::Argument { name: "method".into(), reason: ["it cannot be ", other].concat() }),
        };
        let url = checked(text("url")).map_err(|_| Error::UploadUrl)?;
        let read_url = match text("readUrl") {
            "" => url.split(['?', '#']).next().unwrap_or_default().into(),
            read_url => checked(read_url).map_err(|_| Error::UploadUrl)?,
        };
        Ok(Self { method, url, read_url })
    }

    /// How.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Refuses several files where the address is that of one object: a presigned one without
    /// `{name}`, where a mask would overwrite the picture.
    ///
    /// # Errors
    /// [`Error::UploadName`].
    pub fn check_count(&self, files: u32) -> Result<()> {
        let takes_several = self.method == Method::Post || (self.url.contains(NAME) && self.read_url.contains(NAME));
        if files < 2 || takes_several { Ok(()) } else { Err(Error::UploadName) }
    }

    /// Host and port that files go to.
    #[must_use]
    pub fn host(&self) -> &str {
        authority(&self.url)
    }

    /// Whether a file can be read on its way: plain http to another machine.
    #[must_use]
    pub fn is_readable_on_the_way(&self) -> bool {
        is_readable(&self.url)
    }

    /// Where the file is sent.
    #[must_use]
    pub fn url(&self, name: &str) -> String {
        self.url.replace(NAME, name)
    }

    /// Where the file is read after a `PUT`.
    ///
    /// # Errors
    /// [`Error::UrlLength`].
    pub fn read_url(&self, name: &str) -> Result<String> {
        let url = self.read_url.replace(NAME, name);
        checked_url(&url).map(Into::into)
    }

    /// Where the file is read after a `POST`: the answer's `url` (at its top or in `data`), or the
    /// answer itself where it is one address.
    ///
    /// # Errors
    /// [`Error::UploadReply`], [`Error::UrlLength`].
    pub fn answered_url(&self, answer: &Loose) -> Result<String> {
        let named = answer.get("url").text().or_else(|| answer.get("data").get("url").text());
        let url = named.or_else(|| answer.text()).ok_or(Error::UploadReply)?;
        let url = checked(url).map_err(|_| Error::UploadReply)?;
        checked_url(&url)?;
        Ok(url)
    }
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Upload({:?}, …)", self.method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn upload(value: serde_json::Value) -> Result<Upload> {
        Upload::from_settings(&serde_json::from_value(value).expect("any value"))
    }

    #[test]
    fn a_presigned_put_is_read_where_it_was_put() {
        let put =
            upload(json!({ "method": "PUT", "url": "https://b.example/in/{name}?sig=s3cret&e=1" })).expect("good");
        assert_eq!(put.url("a.jpg"), "https://b.example/in/a.jpg?sig=s3cret&e=1");
        assert_eq!(put.read_url("a.jpg"), Ok("https://b.example/in/a.jpg".into()));
        assert!(put.check_count(2).is_ok() && !format!("{put:?}").contains("s3cret"));
        assert_eq!((put.host(), put.is_readable_on_the_way()), ("b.example", false));
        let one = upload(json!({ "url": "https://b.example/one?sig=1" })).expect("good");
        assert_eq!((one.check_count(1), one.check_count(2)), (Ok(()), Err(Error::UploadName)));
        let cdn = json!({ "url": "https://b.example/{name}?sig=1", "readUrl": "https://cdn.example/{name}" });
        assert_eq!(upload(cdn).expect("good").read_url("m.png"), Ok("https://cdn.example/m.png".into()));
    }

    #[test]
    fn a_post_answers_with_the_address() {
        let post = upload(json!({ "method": "POST", "url": "https://h/upload" })).expect("good");
        assert_eq!((post.method(), post.check_count(2)), (Method::Post, Ok(())));
        let answered = |value: serde_json::Value| post.answered_url(&serde_json::from_value(value).expect("any value"));
        let url = "https://h/f/1.png";
        for answer in [json!({ "url": url }), json!({ "data": { "url": url } }), json!(url)] {
            assert_eq!(answered(answer), Ok(url.into()));
        }
        for answer in [json!({}), json!(null), json!("f/1.png"), json!({ "url": 7 }), json!({ "url": "javascript:0" })]
        {
            assert_eq!(answered(answer.clone()), Err(Error::UploadReply), "{answer}");
        }
        let long = ["https://h/", &"x".repeat(503)].concat();
        assert_eq!(answered(json!({ "url": long })), Err(Error::UrlLength { characters: 513, max: 512 }));
    }

    #[test]
    fn wrong_settings_are_refused() {
        for url in ["", "b.example/{name}", "https://u:p@h/{name}"] {
            assert_eq!(upload(json!({ "url": url })), Err(Error::UploadUrl), "{url}");
        }
        assert_eq!(upload(json!({ "url": "https://h/{name}", "readUrl": "h" })), Err(Error::UploadUrl));
        assert!(matches!(upload(json!({ "url": "https://h", "method": "PATCH" })), Err(Error::Argument { .. })));
    }
}
