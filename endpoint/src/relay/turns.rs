//! In what order and how often the upstream is asked, over all tasks and clients.
//!
//! The account's rate is one for everybody, so requests wait in one line. It goes round the
//! clients: of one that has sixty creates waiting, one request goes, then one of the next client.
//! Of a client polls go before creates: a task that was begun has a deadline and costs its money
//! already. A create also needs one of a few slots, for its file is in memory while it is sent.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use reweave::limiter::Limiter;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::Instant;

/// Creates that are sent at once, each with its body of up to 40 MB in memory.
const CREATES: usize = 4;

/// The limiter's clock runs slower than time by this part, so that requests which arrive a little
/// unevenly are not over the rate there.
const SLACK: u64 = 20;

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Poll,
    Create,
}

/// Whose a request is.
pub(super) type Client = [u8; 32];

/// Gives turns out.
#[derive(Clone)]
pub(super) struct Turns(mpsc::UnboundedSender<Event>);

/// The right to send one request now. Of a create it is held until the answer is here.
pub(super) struct Turn {
    slot: Option<OwnedSemaphorePermit>,
    events: mpsc::UnboundedSender<Event>,
}

enum Event {
    Asked(Client, Kind, oneshot::Sender<Turn>),
    Released,
}

/// Those who wait, in the order in which their clients are served.
struct Line<T>(VecDeque<Waiting<T>>);

struct Waiting<T> {
    client: Client,
    polls: VecDeque<T>,
    creates: VecDeque<T>,
}

impl Turns {
    /// Turns of which any second holds at most `per_second`. Call it inside a tokio runtime.
    pub(super) fn new(per_second: u32) -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        let turns = Self(sender);
        // Weak: with the last of those who can ask, this ends.
        tokio::spawn(serve(Limiter::new(per_second), events, turns.0.downgrade()));
        turns
    }

    /// Waits for a turn. Who no longer waits uses none up.
    pub(super) async fn take(&self, client: Client, kind: Kind) -> Option<Turn> {
        let (sender, turn) = oneshot::channel();
        self.0.send(Event::Asked(client, kind, sender)).ok()?;
        turn.await.ok()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.slot.take().is_some() {
            // Nobody hears it where the relay has ended.
            let _ = self.events.send(Event::Released);
        }
    }
}

async fn serve(
    mut limiter: Limiter,
    mut events: mpsc::UnboundedReceiver<Event>,
    turns: mpsc::WeakUnboundedSender<Event>,
) {
    let (start, slots) = (Instant::now(), Arc::new(Semaphore::new(CREATES)));
    let mut line = Line(VecDeque::new());
    let mut next_at = None;
    loop {
        let event = match next_at {
            None => events.recv().await,
            Some(at) => tokio::time::timeout_at(at, events.recv()).await.unwrap_or(Some(Event::Released)),
        };
        match event {
            Some(Event::Asked(client, kind, sender)) => line.add(client, kind, sender),
            Some(Event::Released) => {}
            None => return,
        }
        let Some(sender) = turns.upgrade() else { return };
        next_at = give(&mut line, &mut limiter, start, &slots, &sender);
    }
}

/// Gives as many turns as there can be now, and says when there will be another.
fn give(
    line: &mut Line<oneshot::Sender<Turn>>,
    limiter: &mut Limiter,
    start: Instant,
    slots: &Arc<Semaphore>,
    events: &mpsc::UnboundedSender<Event>,
) -> Option<Instant> {
    line.forget(oneshot::Sender::is_closed);
    loop {
        let slot = slots.clone().try_acquire_owned().ok();
        if !line.has_next(slot.is_some()) {
            return None;
        }
        let elapsed = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        if let Err(until) = limiter.admit(elapsed - elapsed / SLACK) {
            return Some(start + Duration::from_millis(until + until / (SLACK - 1) + 1));
        }
        if let Some((kind, asked)) = line.next(slot.is_some()) {
            let slot = slot.filter(|_| kind == Kind::Create);
            // Who left in this moment gives the turn back unused.
            let _ = asked.send(Turn { slot, events: events.clone() });
        }
    }
}

impl<T> Line<T> {
    fn add(&mut self, client: Client, kind: Kind, item: T) {
        let known = self.0.iter().position(|waiting| waiting.client == client);
        let index = known.unwrap_or_else(|| {
            self.0.push_back(Waiting { client, polls: VecDeque::new(), creates: VecDeque::new() });
            self.0.len() - 1
        });
        match kind {
            Kind::Poll => self.0[index].polls.push_back(item),
            Kind::Create => self.0[index].creates.push_back(item),
        }
    }

    fn has_next(&self, may_create: bool) -> bool {
        self.0.iter().any(|waiting| waiting.can_go(may_create))
    }

    /// The next request; its client is then the last to be served.
    fn next(&mut self, may_create: bool) -> Option<(Kind, T)> {
        let index = self.0.iter().position(|waiting| waiting.can_go(may_create))?;
        let mut waiting = self.0.remove(index)?;
        let poll = waiting.polls.pop_front().map(|item| (Kind::Poll, item));
        let next = poll.or_else(|| waiting.creates.pop_front().map(|item| (Kind::Create, item)));
        if waiting.can_go(true) {
            self.0.push_back(waiting);
        }
        next
    }

    /// Forgets those who wait no longer.
    fn forget(&mut self, gone: impl Fn(&T) -> bool) {
        for waiting in &mut self.0 {
            waiting.polls.retain(|item| !gone(item));
            waiting.creates.retain(|item| !gone(item));
        }
        self.0.retain(|waiting| waiting.can_go(true));
    }
}

impl<T> Waiting<T> {
    fn can_go(&self, may_create: bool) -> bool {
        !self.polls.is_empty() || (may_create && !self.creates.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: Client = [1; 32];
    const BOB: Client = [2; 32];

    #[test]
    fn clients_take_turns_and_polls_go_first() {
        let mut line = Line(VecDeque::new());
        for number in 0..60 {
            line.add(ADA, Kind::Create, number);
        }
        line.add(BOB, Kind::Create, 100);
        line.add(ADA, Kind::Poll, 200);
        line.add(BOB, Kind::Create, 101);
        let order: Vec<_> = std::iter::from_fn(|| line.next(true)).map(|(_, number)| number).take(6).collect();
        assert_eq!(order, [200, 100, 0, 101, 1, 2]);
        line.add(BOB, Kind::Poll, 102);
        assert_eq!(line.next(false), Some((Kind::Poll, 102)), "without a slot polls go on");
        assert!(!line.has_next(false) && line.next(false).is_none() && line.has_next(true));
        line.forget(|number| *number < 58);
        assert_eq!((line.next(true), line.next(true), line.next(true)), (created(58), created(59), None));
    }

    fn created(number: i32) -> Option<(Kind, i32)> {
        Some((Kind::Create, number))
    }

    #[tokio::test]
    async fn no_second_holds_more_and_who_left_uses_none_up() {
        let (turns, start) = (Turns::new(2), Instant::now());
        let take = async || {
            turns.take(ADA, Kind::Poll).await.expect("a turn");
            start.elapsed().as_millis()
        };
        assert!(take().await < 500 && take().await < 500);
        for _ in 0..5 {
            let left = turns.take(BOB, Kind::Poll);
            assert!(tokio::time::timeout(Duration::from_millis(10), left).await.is_err());
        }
        let times = [take().await, take().await, take().await];
        assert!((1_000..1_500).contains(&times[0]) && times[1] < times[0] + 200, "{times:?}");
        assert!((2_000..2_700).contains(&times[2]), "{times:?}");
    }

    #[tokio::test]
    async fn so_many_creates_fly_at_once() {
        let turns = Turns::new(100);
        let mut flying = Vec::new();
        for _ in 0..CREATES {
            flying.push(turns.take(ADA, Kind::Create).await);
        }
        let another = turns.take(BOB, Kind::Create);
        tokio::pin!(another);
        assert!(tokio::time::timeout(Duration::from_millis(200), &mut another).await.is_err());
        assert!(turns.take(ADA, Kind::Poll).await.is_some(), "polls need no slot");
        flying.pop();
        assert!(another.await.is_some());
    }
}
