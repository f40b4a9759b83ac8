//! `[sync]`

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    decode::{Context, Decode, Reader, Section},
    diagnose::{Code, Finding},
    tree::{Node, Value},
    value::Period,
};

/// When and how items are delivered. A policy may decide otherwise for its target.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct Sync {
    /// How long after its start stint delivers for the first time.
    pub initial_delay: Period,
    /// How long it waits between two passes when nothing calls for one.
    pub interval: Period,
    /// How long one request may take.
    pub request_timeout: Period,
    /// After which time a pass that doesn't end is taken over.
    pub lock_timeout: Period,
    /// After how many failures of its own an item is given up.
    #[schemars(range(min = 1, max = 100))]
    pub max_attempts: u32,
    /// How many items a pass takes, growing step by step while all goes well.
    #[schemars(length(min = 1, max = 10), inner(range(min = 1, max = 1000)))]
    pub batch: Vec<u32>,
}

impl Default for Sync {
    fn default() -> Self {
        Self {
            initial_delay: Period::from_secs(10),
            interval: Period::from_secs(60),
            request_timeout: Period::from_secs(120),
            lock_timeout: Period::from_secs(300),
            max_attempts: 5,
            batch: vec![10, 50, 100],
        }
    }
}

impl Section for Sync {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        let default = Self::default();
        let (second, hour) = (Period::from_secs(1), Period::from_mins(60));
        Self {
            initial_delay: reader.within("initial_delay", default.initial_delay, Period::from_secs(0)..=hour),
            interval: reader.within("interval", default.interval, second..=Period::from_mins(24 * 60)),
            request_timeout: reader.within("request_timeout", default.request_timeout, second..=hour),
            lock_timeout: reader.within("lock_timeout", default.lock_timeout, Period::from_secs(10)..=hour),
            max_attempts: reader.within("max_attempts", default.max_attempts, 1..=100),
            batch: reader.optional::<Steps>("batch").map_or(default.batch, |Steps(steps)| steps),
        }
    }
}

/// Numbers that grow.
struct Steps(Vec<u32>);

impl Decode for Steps {
    fn expected() -> String {
        "a list of growing numbers, such as [10, 50, 100]".to_owned()
    }

    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let numbers = Vec::<u32>::decode(node, cx)?;
        let typed = node.typed();
        let Value::List(items) = &typed.value else { return None };
        if items.is_empty() || items.len() > 10 {
            let message = format!("{} steps can't be used here", items.len());
            cx.found(Finding::error(Code::BadValue, message).hint("from 1 to 10 numbers").at(typed.at));
            return None;
        }
        if numbers.len() != items.len() {
            return None;
        }
        let mut last = 0;
        for (number, item) in numbers.iter().zip(items) {
            let problem = if *number <= last && last > 0 {
                Some(format!("{number} comes after {last}, and the steps have to grow"))
            } else if *number == 0 || *number > 1000 {
                Some(format!("a pass can't take {number} items"))
            } else {
                None
            };
            if let Some(message) = problem {
                cx.found(
                    Finding::error(Code::BadValue, message).hint("for example [10, 50, 100]").at(item.at),
                );
                return None;
            }
            last = *number;
        }
        Some(Self(numbers))
    }
}
