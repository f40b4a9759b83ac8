//! The folder of plugins: what is missing or refused, what is pinned and not there, what is asked for and not granted.

use std::path::Path;

use stint_config::{Loaded, Owner};
use stint_plugin_runtime::{
    grants::Grants,
    registry::{Catalogue, Entry, State},
};

use super::{Area, Finding, Mend, finding::quoted};
use crate::wiring::{User, allowed, line_to_write, view};

/// The folder itself.
pub fn plugin_folder(loaded: &Loaded) -> Vec<Finding> {
    let Some(folder) = loaded.plugin_dir() else {
        let nowhere = Finding::warning(Area::Plugins, "there is no folder of plugins");
        return vec![nowhere.write("plugins", vec!["dir = \"plugins\"".to_owned()])];
    };
    let shown = folder.display().to_string();
    if folder.is_dir() {
        return vec![Finding::ok(Area::Plugins, format!("the folder is {shown}"))];
    }
    if folder.exists() {
        let file =
            Finding::error(Area::Plugins, format!("{shown} is no folder, and plugins should be in it"));
        return vec![file.run(format!("mv {0} {0}.aside && mkdir {0}", quoted(&shown)))];
    }
    let missing = Finding::warning(Area::Plugins, format!("the folder {shown} is not there"));
    vec![missing.run(format!("mkdir -p {}", quoted(&shown))).mend(Mend::MakeFolder(folder))]
}

/// The plugins in it, and those that should be. `suspended` are those that crashed too often, and why.
pub(super) fn plugins(
    loaded: &Loaded,
    catalogue: &Catalogue,
    suspended: &[(String, String)],
) -> Vec<Finding> {
    let users = User::all(&loaded.config);
    // That it is not there is told where it is looked at.
    let is_there = loaded.plugin_dir().is_some_and(|folder| folder.exists());
    let mut found: Vec<Finding> = catalogue
        .trouble
        .iter()
        .filter(|_| is_there)
        .map(|trouble| Finding::error(Area::Plugins, trouble.clone()).run("stint config path"))
        .collect();
    for (name, entry) in &catalogue.entries {
        let used: Vec<&User<'_>> = users.iter().filter(|user| user.plugin.as_str() == name).collect();
        found.push(state(loaded, name, entry, &used, suspended));
        found.extend(used.iter().filter_map(|user| grants(loaded, name, entry, user)));
    }
    let unknown = loaded.config.plugins.pin.iter();
    let unknown = unknown.filter(|(name, _)| !catalogue.entries.contains_key(name.as_str()));
    found.extend(unknown.map(|(name, _)| {
        let what = "it is pinned to one file, and nothing in the folder has its name";
        let unpin = format!("stint config edit --unset plugins.pin.{name}");
        Finding::warning(Area::Plugins, what).of(name.as_str()).run(unpin)
    }));
    found
}

fn state(
    loaded: &Loaded,
    name: &str,
    entry: &Entry,
    used: &[&User<'_>],
    suspended: &[(String, String)],
) -> Finding {
    let seen = view(name, entry, suspended);
    let version = seen.version.as_deref().unwrap_or("of an unknown version");
    let places: Vec<String> = used.iter().map(|user| format!("[{}]", user.place())).collect();
    let by = if places.is_empty() {
        "nobody uses it".to_owned()
    } else {
        format!("used by {}", places.join(", "))
    };
    let folder = loaded.plugin_dir().unwrap_or_else(|| Path::new("plugins").to_owned());
    let copy = format!("cp {name}.wasm {}/", quoted(&folder.display().to_string()));
    let bad = |what: String| {
        if used.is_empty() {
            Finding::warning(Area::Plugins, what)
        } else {
            Finding::error(Area::Plugins, what)
        }
    };
    let found = match (entry.state, seen.state.as_str()) {
        (_, "suspended") => bad(format!("it is suspended; {by}")).run("stint plugin list"),
        (State::Missing, _) => bad(format!("it is missing; {by}")).run(copy),
        (State::Rejected, _) if seen.error.as_deref().is_some_and(|error| error.contains("pin")) => {
            let hash = entry.sha256.as_deref().unwrap_or_default();
            let lines = vec![format!("pin.{name} = \"sha256:{hash}\"")];
            bad(format!("what is in the folder was refused; {by}")).write("plugins", lines)
        }
        (State::Rejected, _) => match &entry.file {
            Some(file) => {
                let inspect = format!("stint plugin inspect {}", quoted(&file.display().to_string()));
                bad(format!("what is in the folder was refused; {by}")).run(inspect)
            }
            None => bad(format!("what is in the folder was refused; {by}")).run("stint plugin list"),
        },
        (State::Ready, _) => Finding::ok(Area::Plugins, format!("version {version}, {by}")),
    };
    let found = found.of(name);
    match seen.error {
        Some(error) => found.because(error),
        None => found,
    }
}

/// What a plugin asks for in one place and isn't granted there, with the lines that grant it.
fn grants(loaded: &Loaded, name: &str, entry: &Entry, user: &User<'_>) -> Option<Finding> {
    let Owner::Target(target) = user.owner else { return None };
    let target = loaded.config.targets.get(target)?;
    let manifest = entry.manifest.as_deref()?;
    let granted = allowed(user, target).ok()?;
    let mut missing = Grants::new(manifest, &user.settings.to_value(), granted).missing();
    // Where the target is told of no pictures there is nothing to read of them.
    missing.retain(|missing| missing.what != "attachments");
    if missing.is_empty() {
        return None;
    }
    let asked: Vec<String> = missing.iter().map(|one| format!("{} ({})", one.what, one.reason)).collect();
    let what = format!("it asks for more than [{}] grants", user.place());
    let found = Finding::warning(Area::Plugins, what).of(name).because(asked.join("; "));
    Some(found.write(user.place(), line_to_write(Some(target), &missing)))
}
