//! What is known of each kind of endpoint, as data: where it is, how it is told who asks, what it
//! takes and what it gives back.
//!
//! A new kind is a new entry of [`PROFILES`] and nothing else: the client, the page's settings and
//! the relay read this table. What the vendor's page leaves open is in it as the sources have it
//! best (see the README's table of endpoints for how sure each is).

use serde::Serialize;

/// How a create request's body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum BodyForm {
    /// `application/json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`, the only form that carries files as they are.
    Multipart,
}

/// How an endpoint answers a create request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(all(feature = "js", target_arch = "wasm32"), derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Answers {
    /// With the contract's envelope: a result, or a task to ask for.
    Task,
    /// With the bytes of the repaired picture; there is no task.
    Picture,
}

/// What a field of a create request holds. An endpoint takes what it has a field for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The picture's address.
    ImageUrl,
    /// The picture's file.
    ImageFile,
    /// The picture's file in base64, without a `data:` prefix.
    ImageBase64,
    /// The mask's address.
    MaskUrl,
    /// The mask's file.
    MaskFile,
    /// The mask's file in base64, without a `data:` prefix.
    MaskBase64,
    /// Rectangles as a string that holds JSON.
    Rectangles,
    /// 1 = the reply waits for the result, 0 = it carries a task id only.
    Sync,
    /// 1 = a link, 2 = base64.
    ReturnType,
}

/// How long things may take, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// From one poll's reply to the next poll.
    pub poll_interval: u64,
    /// For the body of a create request to be sent.
    pub upload: u64,
    /// From the body's end to the reply.
    pub reply: u64,
    /// From the reply that carries the task id to the result.
    pub processing: u64,
    /// For one poll; a slower one is given up and asked again.
    pub query: u64,
    /// For fetching the result, repetitions among it.
    pub fetch: u64,
    /// How long a create that was not accepted is sent again.
    pub patience: u64,
}

impl Timing {
    /// The contract's: a poll each second, 30 s of processing, 45 s for a reply that waits.
    pub const CONTRACT: Self = Self {
        poll_interval: 1_000,
        upload: 120_000,
        reply: 45_000,
        processing: 30_000,
        query: 15_000,
        fetch: 30_000,
        patience: 60_000,
    };

    /// By name, as settings have them.
    pub(super) const fn by_name(&mut self) -> [(&'static str, &mut u64); 7] {
        [
            ("pollInterval", &mut self.poll_interval),
            ("upload", &mut self.upload),
            ("reply", &mut self.reply),
            ("processing", &mut self.processing),
            ("query", &mut self.query),
            ("fetch", &mut self.fetch),
            ("patience", &mut self.patience),
        ]
    }
}

/// One kind of endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name in settings.
    pub id: &'static str,
    /// Its name for people, in English and in 简体中文.
    pub names: [&'static str; 2],
    /// Address of the create call: complete, or a path of the page's own server; empty where only
    /// the user knows it.
    pub url: &'static str,
    /// Address of a task: `{create}` stands for that of the create call, `{task_id}` for the id; a
    /// path is one of the create call's host.
    pub query: &'static str,
    /// Header of the key; empty where no key is taken.
    pub header: &'static str,
    /// What stands before a key in the header that has no scheme of its own; may be empty.
    pub scheme: &'static str,
    /// Whether it answers nobody without a key.
    pub needs_key: bool,
    /// The forms in which it takes a body, the best first.
    pub bodies: &'static [BodyForm],
    /// Its fields. A file's field counts in multipart bodies only.
    pub fields: &'static [(Role, &'static str)],
    /// How it answers.
    pub answers: Answers,
    /// Most requests in a second, polls among them.
    pub per_second: u32,
    /// Most bytes of a picture's or a mask's file.
    pub max_bytes: u64,
    /// Most pixels of a side.
    pub max_side: u32,
    /// Largest marked share, in percent.
    pub max_percent: u32,
    /// Header whose value makes a repeated create the same task; empty where there is none, and a
    /// create is then never repeated.
    pub idempotency: &'static str,
    /// How long things may take.
    pub timing: Timing,
}

/// The contract's bounds: 15 MB, 4096 × 4096, 50 %, two requests a second.
const CONTRACT: Profile = Profile {
    id: "",
    names: ["", ""],
    url: "",
    query: "{create}/{task_id}",
    header: "",
    scheme: "",
    needs_key: true,
    bodies: &[BodyForm::Multipart, BodyForm::Json, BodyForm::Form],
    fields: &[],
    answers: Answers::Task,
    per_second: 2,
    max_bytes: 15 * 1024 * 1024,
    max_side: 4096,
    max_percent: super::MAX_COVERAGE_PERCENT,
    idempotency: "",
    timing: Timing::CONTRACT,
};

/// Of an endpoint that answers with the picture: a large model on a slow machine takes minutes.
const SLOW: Timing = Timing { reply: 180_000, ..Timing::CONTRACT };

const EVERY_FIELD: &[(Role, &str)] = &[
    (Role::ImageUrl, "image_url"),
    (Role::ImageFile, "image_file"),
    (Role::ImageBase64, "image_base64"),
    (Role::MaskUrl, "mask_url"),
    (Role::MaskFile, "mask_file"),
    (Role::MaskBase64, "mask_base64"),
    (Role::Rectangles, "rectangles"),
    (Role::Sync, "sync"),
    (Role::ReturnType, "return_type"),
];

/// The kinds that are known, in the order in which they are offered.
pub const PROFILES: &[Profile] = &[
    Profile {
        id: "server",
        names: ["This server", "本服务器"],
        url: "/api/tasks/visual/inpaint",
        header: "X-API-KEY",
        needs_key: false,
        fields: EVERY_FIELD,
        idempotency: "Idempotency-Key",
        ..CONTRACT
    },
    // The seed takes addresses only; files and base64 are said to exist on request.
    Profile {
        id: "aliyun",
        names: ["PicWish on the Aliyun market", "佐糖（阿里云市场）"],
        url: "https://ark.market.alicloudapi.com/tasks/visual/watermark",
        header: "Authorization",
        scheme: "APPCODE",
        bodies: &[BodyForm::Form, BodyForm::Json],
        fields: &[
            (Role::ImageUrl, "image_url"),
            (Role::MaskUrl, "mask_url"),
            (Role::Rectangles, "rectangles"),
            (Role::ReturnType, "return_type"),
        ],
        ..CONTRACT
    },
    Profile {
        id: "picwish",
        names: ["PicWish", "佐糖"],
        url: "https://techhk.aoscdn.com/api/tasks/visual/inpaint",
        header: "X-API-KEY",
        bodies: &[BodyForm::Multipart],
        fields: EVERY_FIELD,
        ..CONTRACT
    },
    Profile {
        id: "reseller",
        names: ["PicWish by a reseller", "佐糖（代理商）"],
        url: "https://api.gpt.ge/task/pic/watermark",
        query: "/task/{task_id}",
        header: "Authorization",
        scheme: "Bearer",
        bodies: &[BodyForm::Multipart],
        fields: EVERY_FIELD,
        ..CONTRACT
    },
    // Its own default port is 8080, where Reweave's page is served.
    Profile {
        id: "iopaint",
        names: ["IOPaint", "IOPaint"],
        url: "http://127.0.0.1:8081/api/v1/inpaint",
        needs_key: false,
        bodies: &[BodyForm::Json],
        fields: &[(Role::ImageBase64, "image"), (Role::MaskBase64, "mask")],
        answers: Answers::Picture,
        max_bytes: 64 * 1024 * 1024,
        max_side: 16_384,
        max_percent: 100,
        timing: SLOW,
        ..CONTRACT
    },
    // 16 megapixels in any shape; a square of that many is what is certain.
    Profile {
        id: "clipdrop",
        names: ["ClipDrop", "ClipDrop"],
        url: "https://clipdrop-api.co/cleanup/v1",
        header: "x-api-key",
        bodies: &[BodyForm::Multipart],
        fields: &[(Role::ImageFile, "image_file"), (Role::MaskFile, "mask_file")],
        answers: Answers::Picture,
        max_bytes: 30 * 1024 * 1024,
        max_side: 4_000,
        max_percent: 100,
        timing: SLOW,
        ..CONTRACT
    },
    Profile {
        id: "custom",
        names: ["Custom endpoint", "自定义接口"],
        header: "Authorization",
        scheme: "APPCODE",
        needs_key: false,
        bodies: &[BodyForm::Json, BodyForm::Multipart, BodyForm::Form],
        fields: EVERY_FIELD,
        ..CONTRACT
    },
];

impl Profile {
    /// The profile of this id.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.id == id)
    }
}

impl Role {
    /// Its name in settings, which is the contract's own name of the field.
    #[must_use]
    pub const fn name(self) -> &'static str {
        EVERY_FIELD[self as usize].1
    }

    /// All roles, with their names in the contract.
    pub(super) const fn all() -> &'static [(Self, &'static str)] {
        EVERY_FIELD
    }
}

impl BodyForm {
    /// Its name in settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Form => "form",
            Self::Multipart => "multipart",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Credential, Endpoint};

    #[test]
    fn each_profile_is_one_that_can_be_used() {
        for profile in PROFILES {
            let Profile { id, names, url, header, .. } = profile;
            assert!(names.iter().all(|name| !name.is_empty()), "{id}");
            assert_eq!(PROFILES.iter().filter(|other| other.id == *id).count(), 1, "{id}");
            assert!(url.is_empty() || url.starts_with('/') || Endpoint::new(url, None).is_ok(), "{id}");
            assert!(header.is_empty() || Credential::new(header, "", "k").is_ok(), "{id}");
            assert!(!profile.bodies.is_empty() && profile.per_second > 0, "{id}");
            let has = |roles: [Role; 3]| profile.fields.iter().any(|(role, _)| roles.contains(role));
            assert!(has([Role::ImageUrl, Role::ImageFile, Role::ImageBase64]), "{id}");
            assert!(has([Role::MaskUrl, Role::MaskFile, Role::MaskBase64]), "{id}");
        }
    }

    #[test]
    fn a_role_is_named_as_the_contract_has_it() {
        assert_eq!((Role::ImageUrl.name(), Role::ReturnType.name()), ("image_url", "return_type"));
        assert!(Role::all().iter().all(|(role, name)| role.name() == *name));
    }
}
