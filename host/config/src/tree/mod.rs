//! The configuration as it was written: a tree in which every key and every value knows its place.

mod json;
mod merge;
mod mistakes;
mod node;
mod parse;
mod quoted;
mod secrets;

pub(crate) use json::to_json;
pub(crate) use merge::{NAMED, merge, merge_file, named_position};
pub(crate) use node::{Node, Table, Value, dotted};
pub(crate) use parse::{parse_document, parse_value};
pub(crate) use quoted::quoted;
pub(crate) use secrets::{is_telling, mask_secrets};
