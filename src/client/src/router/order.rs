//! The order in which a call tries its targets. It decides which come first, and nothing about which may be called.

use std::{collections::HashMap, sync::Arc};

use super::{
    conversation::Conversation,
    core::Core,
    journey::Journey,
    sticky::Sticky,
    target::{Plan, Target},
};

impl Core {
    /// The plan in force for a call, in its order.
    pub(super) fn plan_for(&self, journey: &Journey<'_>) -> Arc<Plan> {
        let plan = self.plan_of(&journey.tenants);
        match &journey.sticky {
            None => plan,
            Some(sticky) => Arc::new(ordered(&plan, sticky)),
        }
    }
}

/// A plan's targets for the calls of a conversation: of each model that first where the conversation is; the others as the
/// user has them, and those of one rank by the weights of their sources, if they have any.
pub(super) fn ordered(plan: &Plan, sticky: &Sticky) -> Plan {
    let mut targets = plan.targets.clone();
    targets.sort_by_cached_key(|it| {
        let drawn = draw(&sticky.conversation, it);
        (it.chosen.number, !sticky.is_at(it), it.rank, drawn)
    });
    Plan {
        targets,
        names: HashMap::new(),
    }
}

/// A number for a target, of which the lowest goes first: the more weight its source has, the likelier is a low one. Each
/// source draws for itself, so the shares are what the weights say also of those conversations whose first cannot be called,
/// and no other conversation moves when a source comes or goes.
fn draw(conversation: &Conversation, target: &Target) -> u64 {
    let source = &target.source;
    let Some(weight) = source.weight else {
        return 0;
    };
    let chance = conversation.chance(&format!("{} {}", source.region, source.nth));
    // Positive floats have the order of their bits, and a weight of 0 gives the last of them, which is infinity.
    (-chance.ln() / weight).to_bits()
}
