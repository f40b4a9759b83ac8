//! The data directory, where a configuration with mistakes leaves no doubt about it.
//!
//! Invariant: what is written elsewhere than where it belongs makes a second timeline, so a doubt is as good as no
//! answer.

use std::path::PathBuf;

use crate::{
    decode::{Context, Reader},
    diagnose::Finding,
    layers::{Request, read_environment, read_files, read_flags},
    load::TABLES,
    model::Config,
    text::{Origin, Sources},
    tree::{Node, Table},
};

/// The data directory of a configuration that has mistakes, if none of them can have to do with it: it is written where
/// it could be read and nothing that could not be read counts for more, or it is written nowhere and all could be read.
pub fn sure_data_dir(request: &Request) -> Option<PathBuf> {
    let (mut sources, mut findings) = (Sources::default(), Vec::new());
    let cwd = &request.cwd;
    let read = read_files(request.file.as_ref(), None, cwd, &mut sources, &mut findings);
    let (broken, mut tree) = (findings.len(), read.tree);
    read_environment(&request.env, &TABLES, cwd, &mut tree, &mut sources, &mut findings);
    read_flags(&request.flags, cwd, &mut tree, &mut sources, &mut findings);
    let mut cx = Context::new(&sources, request.home());
    let config: Config = Reader::root(&tree, &mut cx);
    let (decoded, _) = cx.finish();
    let about_it = |finding: &Finding| finding.table().as_deref() == Some("storage");
    if decoded.iter().chain(&findings[broken..]).any(about_it) {
        return None;
    }
    let node = tree.get("storage").and_then(|storage| storage.below(&["data_dir"]));
    let Some((dir, node)) = config.storage.data_dir.as_ref().zip(node) else {
        let nowhere = !read.partial && !may_be_misplaced(&tree);
        return request.usual_data_dir().filter(|_| nowhere);
    };
    let overruled = matches!(sources.origin(node.at), Origin::File { .. })
        && findings[..broken].iter().any(|finding| is_elsewhere(finding, node));
    (!overruled).then(|| dir.path().to_owned())
}

/// Whether another file than the node's is broken: it may count for more.
fn is_elsewhere(finding: &Finding, node: &Node) -> bool {
    finding.place().is_none_or(|place| place.source != node.at.source)
}

/// Whether something unknown at the root may be the storage's table, or the directory itself.
fn may_be_misplaced(tree: &Table) -> bool {
    let unknown = tree.iter().filter(|(key, _)| !TABLES.contains(&key.as_str()));
    unknown.into_iter().any(|(key, node)| node.table().is_some() || key.to_lowercase().contains("dir"))
}
