//! Requests under way: each under an AbortController of our own, with an end in time.
//!
//! The controller is aborted without a reason: gloo-net cannot take a rejection that is not an
//! `Error`.

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use web_sys::{AbortController, AbortSignal};

use super::transport::NoReply;
use crate::error::{Error, Result};

/// Whether the user cancelled, and what is to be aborted then.
#[derive(Default)]
pub(crate) struct Cancel {
    cancelled: Cell<bool>,
    in_flight: RefCell<Option<AbortController>>,
}

/// One request on its way.
pub(crate) struct Flight<'a> {
    cancel: &'a Cancel,
    controller: AbortController,
    _timeout: Timeout,
}

impl Cancel {
    pub(crate) fn cancel(&self) {
        self.cancelled.set(true);
        if let Some(controller) = &*self.in_flight.borrow() {
            controller.abort();
        }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.get()
    }

    /// Begins a request that is given up after so many milliseconds.
    pub(crate) fn flight(&self, milliseconds: u64) -> Result<Flight<'_>> {
        let controller = AbortController::new().map_err(|_| Error::internal("no AbortController"))?;
        *self.in_flight.borrow_mut() = Some(controller.clone());
        let late = controller.clone();
        let timeout = Timeout::new(u32::try_from(milliseconds).unwrap_or(u32::MAX), move || late.abort());
        Ok(Flight { cancel: self, controller, _timeout: timeout })
    }
}

impl Flight<'_> {
    pub(crate) fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// The reply, or nothing when the request was given up: then whoever aborted knows why.
    pub(crate) fn land<T>(&self, reply: Result<T, NoReply>) -> Option<Result<T, NoReply>> {
        (reply.is_ok() || !self.controller.signal().aborted()).then_some(reply)
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.cancel.in_flight.borrow_mut().take();
    }
}
