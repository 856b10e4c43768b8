//! The machine by hand, and against a fake server in virtual time.

use super::*;
use crate::contract::{Content, Reply, TaskData};
use crate::error::Result;

const RULES: Rules = Rules { answers: Answers::Task, repeats_create: false, timing: Timing::CONTRACT };

fn response(http_status: u16, content: Content) -> Response {
    Response { http_status, retry_after: None, gateway: None, content }
}

fn reply(data: TaskData) -> Response {
    response(200, Content::Envelope(Reply { status: 200, message: None, data: Some(data) }))
}

fn queued() -> Response {
    reply(TaskData { task_id: Some("t".into()), ..TaskData::default() })
}

fn processing(progress: i64) -> Response {
    reply(TaskData { state: Some(4), progress: Some(progress), ..TaskData::default() })
}

fn done(image: &str) -> Response {
    reply(TaskData { state: Some(1), image: Some(image.into()), ..TaskData::default() })
}

fn status(http_status: u16) -> Response {
    response(http_status, Content::Other("nothing".into()))
}

fn http(status: u16) -> Error {
    Error::HttpStatus { status, message: None }
}

#[test]
fn what_waits_for_its_turn_is_due_and_no_time_runs_before_it() {
    let mut task = Task::new(RULES, 7);
    let mut limiter = Limiter::new(2);
    assert!(task.is_due(0) && task.is_due(999_999));
    let Action::Create(ticket) = task.poll(999_999, &mut limiter) else { panic!("a create") };
    assert!(!task.is_due(1_000_000), "it flies");
    task.handle_response(1_000_000, ticket, queued());
    assert!(!task.is_due(1_000_999) && task.is_due(1_001_000));
    let Action::Query(ticket, _) = task.poll(1_001_000, &mut limiter) else { panic!("a poll") };
    task.handle_response(1_001_000, ticket, done("https://h/r.png"));
    assert!(!task.is_due(u64::MAX), "what is fetched is not counted");
}

/// A task whose time is driven by hand.
struct Driven {
    task: Task,
    limiter: Limiter,
    now: u64,
}

impl Driven {
    fn new(rules: Rules) -> Self {
        Self { task: Task::new(rules, 7), limiter: Limiter::new(2), now: 0 }
    }

    fn poll(&mut self) -> Action {
        self.task.poll(self.now, &mut self.limiter)
    }

    /// Waits until there is something else to do; returns it and how long that took.
    fn next(&mut self) -> (u64, Action) {
        let start = self.now;
        loop {
            match self.poll() {
                Action::Wait { until } => {
                    assert!(until > self.now, "a wait must wait");
                    self.now = until;
                }
                action => return (self.now - start, action),
            }
        }
    }

    fn ticket(&mut self) -> Ticket {
        match self.next().1 {
            Action::Create(ticket) | Action::Query(ticket, _) | Action::Fetch(ticket, _) => ticket,
            other => panic!("{other:?}"),
        }
    }

    /// Answers whatever is asked next.
    fn answer(&mut self, response: Response) {
        let ticket = self.ticket();
        self.task.handle_response(self.now, ticket, response);
    }

    fn end(&mut self) -> Result<Vec<u8>> {
        match self.next().1 {
            Action::Done(delivery) => match delivery.file {
                Delivered::Bytes(bytes) => Ok(bytes),
                Delivered::Base64(text) => Ok(text.into_bytes()),
                Delivered::Link(_) => panic!("a link is fetched first"),
            },
            Action::Failed(error) => Err(error),
            other => panic!("{other:?}"),
        }
    }
}

fn at_rest() -> Driven {
    let mut driven = Driven::new(RULES);
    driven.answer(queued());
    driven
}

fn at_link(link: &str) -> Driven {
    let mut driven = Driven::new(RULES);
    driven.answer(done(link));
    driven
}

#[test]
fn the_whole_way() {
    let mut driven = Driven::new(RULES);
    let Action::Create(create) = driven.poll() else { panic!("a create") };
    assert_eq!(driven.poll(), Action::Wait { until: 165_000 });
    driven.now = 500;
    driven.task.handle_response(500, create, queued());
    assert_eq!((driven.poll(), driven.task.task_id()), (Action::Wait { until: 1_500 }, Some("t")));
    driven.answer(processing(40));
    assert_eq!((driven.now, driven.task.progress()), (1_500, 40));
    driven.answer(done("https://h/r"));
    assert_eq!(driven.now, 2_500);
    let Action::Fetch(fetch, link) = driven.poll() else { panic!("a fetch") };
    assert_eq!(link, "https://h/r");
    driven.task.handle_result(2_600, fetch, 200, b"png".to_vec());
    let delivery = Delivery { file: Delivered::Bytes(b"png".to_vec()), link: Some(link) };
    assert_eq!(driven.poll(), Action::Done(delivery));
    driven.task.handle_cancel();
    assert!(matches!(driven.poll(), Action::Failed(Error::OutOfOrder { .. })), "a result is handed over once");
}

#[test]
fn an_endpoint_that_answers_at_once_is_not_polled() {
    let mut driven = Driven::new(RULES);
    driven.answer(done("aGk="));
    assert_eq!(driven.end(), Ok(b"aGk=".to_vec()));
    let mut driven = Driven::new(Rules { answers: Answers::Picture, ..RULES });
    driven.answer(response(200, Content::Picture(b"png".to_vec())));
    assert_eq!(driven.end(), Ok(b"png".to_vec()));
}

#[test]
fn a_task_of_before_is_asked_for() {
    let mut driven = Driven::new(RULES);
    (driven.now, driven.task) = (9, Task::resumed(RULES, 1, 9, "old".into()));
    let Action::Query(ticket, id) = driven.poll() else { panic!("a query") };
    assert_eq!(id, "old");
    driven.task.handle_response(9, ticket, done("aGk="));
    assert_eq!(driven.end(), Ok(b"aGk=".to_vec()));
}

#[test]
fn the_deadline_counts_from_the_reply_with_the_task_id() {
    let mut driven = Driven::new(RULES);
    let create = driven.ticket();
    driven.now = 60_000;
    driven.task.handle_response(60_000, create, queued());
    for _ in 0..29 {
        driven.answer(processing(1));
    }
    assert_eq!(driven.end(), Err(Error::Deadline { seconds: 30 }));
    assert_eq!(driven.now, 90_000);
}

#[test]
fn an_endpoint_that_never_answers_ends_too() {
    let mut driven = Driven::new(RULES);
    let create = driven.ticket();
    assert_eq!((driven.end(), driven.now), (Err(Error::Deadline { seconds: 165 }), 165_000));
    driven.task.handle_response(165_001, create, queued());
    assert_eq!(driven.end(), Err(Error::Deadline { seconds: 165 }), "a late reply");
    let mut driven = Driven::new(RULES);
    let create = driven.ticket();
    driven.task.handle_sent(20_000, create);
    assert_eq!((driven.end().is_err(), driven.now), (true, 65_000), "45 s from the end of the body");
}

#[test]
fn a_poll_that_hangs_is_asked_again() {
    let mut driven = at_rest();
    let lost = driven.ticket();
    let again = driven.ticket();
    assert!((16_000..17_001).contains(&driven.now), "{}", driven.now);
    driven.task.handle_response(driven.now, lost, done("bGF0ZQ=="));
    assert!(matches!(driven.poll(), Action::Wait { .. }), "who was given up is not heard");
    driven.task.handle_response(driven.now, again, done("aGk="));
    assert_eq!(driven.end(), Ok(b"aGk=".to_vec()));
}

#[test]
fn a_reply_counts_once() {
    let mut driven = at_rest();
    let query = driven.ticket();
    driven.task.handle_response(driven.now, query, processing(10));
    driven.task.handle_response(driven.now, query, reply(TaskData { state: Some(-1), ..TaskData::default() }));
    driven.task.handle_failure(driven.now, query);
    driven.answer(done("aGk="));
    assert_eq!(driven.end(), Ok(b"aGk=".to_vec()));
}

#[test]
fn statuses_and_transport_are_kept_apart() {
    let end = |response| {
        let mut driven = Driven::new(RULES);
        driven.answer(response);
        (driven.end(), driven.now)
    };
    let html = Error::ReplyNotJson { found: "text/html".into() };
    assert_eq!(end(response(200, Content::Other("text/html".into()))), (Err(html), 0));
    for code in [400, 401, 403, 404, 413, 500, 502, 503, 504] {
        assert_eq!(end(status(code)), (Err(http(code)), 0), "a create is not repeated");
    }
    let failed = Error::TaskFailed { state: -8, detail: None };
    assert_eq!(end(reply(TaskData { state: Some(-8), ..TaskData::default() })), (Err(failed), 0));
    let mut driven = Driven::new(RULES);
    let create = driven.ticket();
    driven.task.handle_failure(0, create);
    assert_eq!(driven.end(), Err(Error::Unreachable));
}

#[test]
fn a_create_over_the_rate_is_sent_again_for_a_minute() {
    let mut driven = Driven::new(RULES);
    let mut waits = Vec::new();
    let error = loop {
        match driven.next() {
            (wait, Action::Create(ticket)) => {
                waits.push(wait);
                driven.task.handle_response(driven.now, ticket, status(429));
            }
            (_, Action::Failed(error)) => break error,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(error, http(429));
    assert!(waits.len() >= 6 && driven.now <= 60_000, "{waits:?}");
    for (tries, wait) in waits[1..].iter().enumerate() {
        let most = (1_000 << tries).min(16_000);
        assert!((most / 2..=most).contains(wait), "{waits:?}");
    }
}

#[test]
fn an_endpoint_may_say_when_to_come_again() {
    let after = |milliseconds, http_status| Response { retry_after: Some(milliseconds), ..status(http_status) };
    let mut driven = Driven::new(RULES);
    driven.answer(after(7_000, 429));
    assert!(matches!(driven.next(), (7_000, Action::Create(_))));
    let mut driven = Driven::new(RULES);
    driven.answer(after(0, 429));
    assert!(matches!(driven.next(), (1_000, Action::Create(_))), "not at once, whatever it says");
    let mut driven = Driven::new(RULES);
    driven.answer(after(86_400_000, 429));
    assert_eq!((driven.end(), driven.now), (Err(http(429)), 0), "a day is not waited for");
    let mut driven = at_rest();
    driven.answer(after(5_000, 503));
    assert!(matches!(driven.next(), (5_000, Action::Query(..))));
}

#[test]
fn a_throttling_gateway_is_waited_for_and_one_that_refuses_is_not() {
    let gateway = |says: &str| Response { gateway: Some(says.into()), ..status(403) };
    let mut driven = Driven::new(RULES);
    driven.answer(gateway("Throttled by USER Flow Control"));
    assert!(matches!(driven.next(), (500..=1_000, Action::Create(_))));
    let mut driven = Driven::new(RULES);
    driven.answer(gateway("Quota Exhausted"));
    assert_eq!(driven.end(), Err(Error::HttpStatus { status: 403, message: Some("Quota Exhausted".into()) }));
}

#[test]
fn a_fault_of_a_poll_passes_and_one_of_a_create_only_with_an_idempotency_key() {
    let faulty = |driven: &mut Driven| {
        for code in [500, 502, 503, 504] {
            driven.answer(status(code));
        }
        let ticket = driven.ticket();
        driven.task.handle_failure(driven.now, ticket);
        driven.answer(done("aGk="));
        driven.end()
    };
    assert_eq!(faulty(&mut at_rest()), Ok(b"aGk=".to_vec()));
    let mut driven = Driven::new(Rules { repeats_create: true, ..RULES });
    assert_eq!(faulty(&mut driven), Ok(b"aGk=".to_vec()));
}

#[test]
fn when_time_is_over_the_last_fault_is_told() {
    let mut driven = at_rest();
    let error = loop {
        match driven.next().1 {
            Action::Query(ticket, _) => driven.task.handle_response(driven.now, ticket, status(503)),
            Action::Failed(error) => break error,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(error, http(503));
    assert!(driven.now <= 30_000);
}

#[test]
fn a_link_that_fails_is_the_results_fault() {
    const LINK: &str = "http://h/r?Expires=1700000000&x=1";
    let mut driven = at_link(LINK);
    let fetch = driven.ticket();
    driven.task.handle_result(driven.now, fetch, 403, Vec::new());
    assert_eq!((driven.end(), driven.now), (Err(Error::ResultStatus { status: 403 }), 0));
    let mut driven = at_link(LINK);
    for _ in 0..2 {
        let fetch = driven.ticket();
        driven.task.handle_failure(driven.now, fetch);
    }
    let unreachable = Error::ResultUnreachable { link: LINK.into(), expires: Some(1_700_000_000.0) };
    assert!(!unreachable.to_string().contains("Expires"), "the link is not in the message");
    assert_eq!(driven.end(), Err(unreachable));
    let mut driven = at_link(LINK);
    let fetch = driven.ticket();
    driven.task.handle_result(driven.now, fetch, 503, Vec::new());
    let fetch = driven.ticket();
    driven.task.handle_result(driven.now, fetch, 200, b"png".to_vec());
    assert_eq!(driven.end(), Ok(b"png".to_vec()));
}

#[test]
fn cancelling_ends_it_at_any_point() {
    let points: [fn() -> Driven; 4] = [
        || Driven::new(RULES),
        || {
            let mut driven = Driven::new(RULES);
            driven.ticket();
            driven
        },
        at_rest,
        || at_link("https://h/r"),
    ];
    for start in points {
        let mut driven = start();
        driven.task.handle_cancel();
        assert_eq!(driven.end(), Err(Error::Cancelled));
    }
}

/// Answers in virtual time: each request has any number of replies after any delays.
#[cfg(not(target_arch = "wasm32"))]
mod against_a_fake_server {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Happens {
        Answered(Box<Response>),
        Fetched(u16),
        Lost,
        Sent,
    }

    fn answered(response: Response) -> Happens {
        Happens::Answered(Box::new(response))
    }

    fn happens() -> impl Strategy<Value = Happens> {
        let codes = prop::sample::select(vec![200, 302, 400, 401, 403, 404, 429, 500, 502, 503, 504, 0, 999]);
        let after = prop::option::of(0u64..100_000);
        let garbage =
            (codes.clone(), after).prop_map(|(code, after)| answered(Response { retry_after: after, ..status(code) }));
        let state = (prop::option::of(-9i64..9), -200i64..200, prop::option::of(Just(String::from("t"))));
        let data = state.prop_map(|(state, progress, task_id)| {
            let data = TaskData { state, progress: Some(progress), task_id, ..TaskData::default() };
            answered(reply(data))
        });
        prop_oneof![
            4 => Just(answered(queued())),
            6 => (0i64..100).prop_map(|progress| answered(processing(progress))),
            1 => Just(answered(done("https://h/r"))),
            1 => Just(answered(done("aGk="))),
            1 => Just(answered(response(200, Content::Picture(vec![1])))),
            2 => garbage,
            2 => data,
            2 => codes.prop_map(Happens::Fetched),
            2 => Just(Happens::Lost),
            1 => Just(Happens::Sent),
        ]
    }

    fn rules() -> impl Strategy<Value = Rules> {
        let answers = prop::sample::select(vec![Answers::Task, Answers::Picture]);
        (answers, any::<bool>()).prop_map(|(answers, repeats_create)| Rules { answers, repeats_create, ..RULES })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Whatever a server does by loss, delay, reordering, duplication and garbage: the task ends
        /// in bounded time, one request is under way at a time, the rate is kept, and a create is
        /// sent again only where that is safe.
        #[test]
        fn it_always_ends(
            rules in rules(),
            seed in any::<u64>(),
            script in prop::collection::vec(prop::collection::vec((0u64..40_000, happens()), 0..4), 0..60),
        ) {
            let (mut task, mut limiter) = (Task::new(rules, seed), Limiter::new(2));
            let mut script = script.into_iter();
            let mut coming: BTreeMap<(u64, usize), (Ticket, Happens)> = BTreeMap::new();
            let (mut now, mut serial) = (0, 0);
            let mut counted: Vec<u64> = Vec::new();
            let (mut creates, mut unsafe_to_repeat) = (0, false);
            // The requests that were answered.
            let mut heard = BTreeSet::new();
            for _ in 0..10_000 {
                let ticket = match task.poll(now, &mut limiter) {
                    Action::Done(_) | Action::Failed(_) => {
                        let timing = rules.timing;
                        let longest = timing.patience + timing.upload + timing.reply + timing.processing + timing.fetch;
                        prop_assert!(now <= longest, "{now}");
                        prop_assert!(counted.windows(3).all(|three| three[2] - three[0] >= 1_000), "{counted:?}");
                        return Ok(());
                    }
                    Action::Wait { until } => {
                        prop_assert!(until > now, "a wait must wait");
                        match coming.first_key_value() {
                            Some((&(at, _), _)) if at <= until => {
                                let ((at, _), (ticket, happens)) = coming.pop_first().expect("there");
                                now = at;
                                match happens {
                                    Happens::Answered(response) => {
                                        // Of contradicting replies to one request the first is heard.
                                        let begun = response.http_status != 429;
                                        unsafe_to_repeat |= heard.insert(ticket.0) && begun;
                                        task.handle_response(now, ticket, *response);
                                    }
                                    Happens::Fetched(code) => task.handle_result(now, ticket, code, vec![1]),
                                    Happens::Lost => task.handle_failure(now, ticket),
                                    Happens::Sent => task.handle_sent(now, ticket),
                                }
                            }
                            _ => now = until,
                        }
                        continue;
                    }
                    Action::Create(ticket) => {
                        creates += 1;
                        prop_assert!(creates == 1 || rules.repeats_create || !unsafe_to_repeat);
                        counted.push(now);
                        ticket
                    }
                    Action::Query(ticket, id) => {
                        prop_assert_eq!(id, "t");
                        counted.push(now);
                        ticket
                    }
                    Action::Fetch(ticket, _) => ticket,
                };
                for (delay, happens) in script.next().unwrap_or_default() {
                    serial += 1;
                    coming.insert((now + delay, serial), (ticket, happens));
                }
            }
            prop_assert!(false, "it did not end");
        }
    }
}
