//! One attempt; and a second target beside it where the first event is late and the user asked for that.

use std::{sync::Arc, time::Duration};

use super::{
    breaker::Outcome,
    core::{Core, Reservation},
    failover::{Concluded, Lost, Transport},
    journey::Journey,
    permit::Permit,
    record::Attempt,
};
use crate::error::{Error, Timeout};

/// Who answered, or failed last.
type Attempted<A> = (Reservation, Result<A, Concluded>);

impl Core {
    /// Sends a call to the target held, under the deadline. Failures are written down.
    pub(super) async fn attempt<T: Transport>(
        self: &Arc<Self>,
        transport: &T,
        (mut held, permit): (Reservation, Permit),
        journey: &mut Journey<'_>,
        back_off: Duration,
    ) -> Attempted<T::Answer> {
        let target = Arc::clone(&held.target);
        // Boxed: a future that awaits another by value is laid out twice.
        let mut first = Box::pin(transport.send(permit));
        let hedge = self
            .options
            .hedge
            .filter(|_| transport.may_hedge() && journey.record.attempts.is_empty());
        let outcome = if hedge.is_none() && journey.deadline.is_none() {
            first.await
        } else {
            let late = hedge.map(|hedge| held.since + hedge.after);
            tokio::select! {
                biased;
                outcome = &mut first => outcome,
                () = self.maybe_until(journey.deadline) => Err(self.too_late(transport, &held)),
                () = self.maybe_until(late) => {
                    let share = hedge.map_or(0.0, |hedge| hedge.share);
                    let beside = if self.may_hedge(share) { self.beside(journey, &target) } else { None };
                    let permitted = |held: Reservation| {
                        let permit = self.permit(journey, &held.target)?;
                        Some((held, permit))
                    };
                    let beside = beside.and_then(permitted);
                    let Some(second) = beside else {
                        return self.alone(transport, held, first, journey, back_off).await;
                    };
                    journey.record.hedged = true;
                    return self.both(transport, (held, first), second, journey).await;
                }
            }
        };
        match outcome {
            Ok(answer) => (held, Ok(answer)),
            Err(lost) => {
                let concluded = journey.conclude(&mut held, back_off, lost);
                (held, Err(concluded))
            }
        }
    }

    async fn alone<T: Transport>(
        self: &Arc<Self>,
        transport: &T,
        mut held: Reservation,
        first: impl Future<Output = Result<T::Answer, Lost>> + Send,
        journey: &mut Journey<'_>,
        back_off: Duration,
    ) -> Attempted<T::Answer> {
        let outcome = tokio::select! {
            biased;
            outcome = first => outcome,
            () = self.maybe_until(journey.deadline) => Err(self.too_late(transport, &held)),
        };
        match outcome {
            Ok(answer) => (held, Ok(answer)),
            Err(lost) => {
                let concluded = journey.conclude(&mut held, back_off, lost);
                (held, Err(concluded))
            }
        }
    }

    /// The first answer wins and the other call is cancelled; if one fails, the other is waited for.
    async fn both<T: Transport>(
        self: &Arc<Self>,
        transport: &T,
        (mut held, first): (
            Reservation,
            impl Future<Output = Result<T::Answer, Lost>> + Send + Unpin,
        ),
        (mut beside, permit): (Reservation, Permit),
        journey: &mut Journey<'_>,
    ) -> Attempted<T::Answer> {
        let mut first = first;
        let mut second = Box::pin(transport.send(permit));
        let none = Duration::ZERO;
        tokio::select! {
            biased;
            outcome = &mut first => match outcome {
                Ok(answer) => {
                    self.cancelled(&mut beside, journey);
                    (held, Ok(answer))
                }
                Err(lost) => {
                    journey.conclude(&mut held, none, lost);
                    self.alone(transport, beside, second, journey, none).await
                }
            },
            outcome = &mut second => match outcome {
                Ok(answer) => {
                    self.cancelled(&mut held, journey);
                    (beside, Ok(answer))
                }
                Err(lost) => {
                    journey.conclude(&mut beside, none, lost);
                    self.alone(transport, held, first, journey, none).await
                }
            },
            () = self.maybe_until(journey.deadline) => {
                let (one, other) = (self.too_late(transport, &held), self.too_late(transport, &beside));
                journey.conclude(&mut beside, none, other);
                let concluded = journey.conclude(&mut held, none, one);
                (held, Err(concluded))
            }
        }
    }

    fn cancelled(&self, held: &mut Reservation, journey: &mut Journey<'_>) {
        held.report(Outcome::Unknown);
        held.release(None, false);
        journey.record.attempts.push(Attempt {
            target: Arc::clone(&held.target),
            error: Some("Cancelled".into()),
            request_id: None,
            begun: held.since - journey.started,
            duration: self.clock.now() - held.since,
            back_off: Duration::ZERO,
        });
    }

    fn too_late<T: Transport>(&self, transport: &T, held: &Reservation) -> Lost {
        let error = Error::TimedOut {
            clock: Timeout::Total,
            after: self.options.total.unwrap_or_default(),
            url: transport.url(&held.target),
        };
        error.into()
    }
}
