//! **What a failure cause means**: one row a cause. What the host does to the item and to its target is read from
//! here and from nowhere else.

use super::cause::Cause;

/// When a failure counts against the item. After too many of those the item fails for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// Never: it is not the item's fault.
    Never,
    /// Always: it is.
    Always,
    /// Only while other items reach the target.
    WhileOthersPass,
    /// Only if an item of its kind succeeded since the target's configuration, credential or plugin last changed.
    /// Until then the target itself is suspected.
    OnceProven,
    /// Always, and at the second time alone in a call the item fails.
    Crash,
    /// At once and for good.
    Final,
}

/// What it means for the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing: other items go on.
    GoOn,
    /// It rests for a while, longer each time, and is then tried with another item.
    BackOff,
    /// It is left alone at least as long as it asks.
    Floor,
    /// It is held until a person logs in again.
    NeedsLogin,
    /// It is held until its configuration, credential or plugin changes.
    Misconfigured,
    /// Its plugin is suspected: after three different items in a row it is suspended.
    Suspect,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The cause.
    pub cause: Cause,
    /// When it counts against the item.
    pub charge: Charge,
    /// What it means for the target when it does not count against the item.
    pub target: Consequence,
    /// Whether the item may have arrived all the same, if anything was sent: then the outcome is unknown.
    pub uncertain: bool,
    /// What a person can do about it.
    pub hint: &'static str,
}

const fn row(cause: Cause, charge: Charge, target: Consequence, uncertain: bool, hint: &'static str) -> Row {
    Row { cause, charge, target, uncertain, hint }
}

use Charge::{Always, Crash, Final, Never, OnceProven, WhileOthersPass};
use Consequence::{BackOff, Floor, GoOn, Misconfigured, NeedsLogin, Suspect};

const REFUSED: bool = false;
const UNSURE: bool = true;

/// The table.
#[rustfmt::skip]
pub const TABLE: [Row; Cause::ALL.len()] = [
    row(Cause::Offline,       Never,           BackOff,       UNSURE,  "nothing to do: delivery goes on when the network is back"),
    row(Cause::Dns,           Never,           BackOff,       UNSURE,  "check the host name in the target's settings, and the machine's DNS"),
    row(Cause::Connect,       Never,           BackOff,       UNSURE,  "check that the backend is up and that no firewall or proxy is in between"),
    row(Cause::Tls,           Never,           BackOff,       UNSURE,  "check the certificate; name your own authority under [network] ca_file"),
    row(Cause::Timeout,       Never,           BackOff,       UNSURE,  "nothing to do: it is found out whether the item arrived; raise [sync] request_timeout if it happens often"),
    row(Cause::Unauthorized,  Never,           NeedsLogin,    REFUSED, "give the credential anew: stint auth set NAME"),
    row(Cause::RateLimited,   Never,           Floor,         REFUSED, "nothing to do: the backend is left alone as long as it asks"),
    row(Cause::Quota,         Never,           Floor,         REFUSED, "raise the account's quota at the backend, or wait until it renews"),
    row(Cause::Server,        WhileOthersPass, BackOff,       UNSURE,  "nothing to do unless it lasts: then tell the backend's operator"),
    row(Cause::Invalid,       OnceProven,      Misconfigured, REFUSED, "look at what the backend says about the item, mend the settings or the item, then retry it"),
    row(Cause::NotFound,      OnceProven,      Misconfigured, REFUSED, "check the URL, the project and the ids in the target's settings, then retry"),
    row(Cause::Forbidden,     OnceProven,      Misconfigured, REFUSED, "give the account the right to do this at the backend, then retry"),
    row(Cause::Conflict,      Always,          GoOn,          REFUSED, "look at what the backend has in its place, then retry or drop the item"),
    row(Cause::TooLarge,      Always,          GoOn,          REFUSED, "raise the backend's limit, or make items smaller with a transform, then retry with --reprepare"),
    row(Cause::Misconfigured, Never,           Misconfigured, REFUSED, "mend the target's settings: stint config check shows where"),
    row(Cause::PluginBug,     Always,          GoOn,          REFUSED, "tell the plugin's author, with the failure's history; an upgrade may mend it"),
    row(Cause::Trap,          Crash,           Suspect,       UNSURE,  "tell the plugin's author, with the panic's text; an upgrade may mend it"),
    row(Cause::NoAnswer,      Crash,           Suspect,       UNSURE,  "tell the plugin's author; if the call was cut off for its time, raise its limits"),
    row(Cause::Damaged,       Final,           GoOn,          REFUSED, "restore the file from a backup and retry, or drop the item"),
    row(Cause::Other,         Always,          GoOn,          REFUSED, "look at the message, mend what it names, then retry"),
];

/// What `cause` means.
pub const fn meaning(cause: Cause) -> &'static Row {
    &TABLE[cause as usize]
}

impl Charge {
    const fn words(self) -> &'static str {
        match self {
            Never => "never",
            Always => "always",
            WhileOthersPass => "while other items pass",
            OnceProven => "once an item of its kind has passed",
            Crash => "as a crash: twice alone fails it",
            Final => "at once, for good",
        }
    }
}

impl Consequence {
    const fn words(self) -> &'static str {
        match self {
            GoOn => "goes on",
            BackOff => "backs off",
            Floor => "is left alone as long as it asks",
            NeedsLogin => "is held: needs login",
            Misconfigured => "is held: misconfigured",
            Suspect => "goes on; three in a row suspend the plugin",
        }
    }
}

/// The table as the documentation shows it, in Markdown.
pub fn markdown() -> String {
    let head = "| cause | counts against the item | otherwise the target | if it may have arrived | what to do |\n\
                | --- | --- | --- | --- | --- |\n";
    let rows = TABLE.iter().map(|row| {
        let unknown = if row.uncertain { "outcome unknown" } else { "–" };
        let (charge, target) = (row.charge.words(), row.target.words());
        format!("| `{}` | {charge} | {target} | {unknown} | {} |\n", row.cause, row.hint)
    });
    std::iter::once(head.to_owned()).chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_stands_in_its_own_row() {
        for (place, row) in TABLE.iter().enumerate() {
            assert_eq!(row.cause as usize, place, "{} is out of place", row.cause);
            assert_eq!(meaning(row.cause).cause, row.cause);
        }
    }

    #[test]
    fn what_is_never_charged_always_does_something_to_the_target() {
        for row in TABLE.iter().filter(|row| row.charge == Never) {
            assert_ne!(row.target, GoOn, "{} would be a hot loop", row.cause);
        }
    }
}
