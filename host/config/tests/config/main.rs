//! What the crate does for its users, from outside: files in, configurations and diagnostics out.

#[cfg(test)]
mod bad;
#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod good;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod places;
#[cfg(test)]
mod rubbish;
