//! `stint plugin list` for people: what serves, what doesn't and why, and what each may do.

use stint_engine::wiring::{PluginList, PluginUse, PluginView};

use super::Paper;
use crate::{
    text::{Page, Row, Table, Tone},
    time::when,
};

/// The plugins by name.
pub(crate) fn plugins(list: &PluginList, paper: &Paper) -> String {
    let mut page = Page::new(paper.width);
    if list.plugins.is_empty() {
        page.say(0, Tone::Plain, "no plugins");
    } else {
        let mut table = Table::new(&["PLUGIN", "KIND", "VERSION", "STATE"]);
        for plugin in &list.plugins {
            table.push(Row { cells: cells(plugin), notes: notes(plugin, paper) });
        }
        table.write(&mut page);
    }
    page.blank();
    match (&list.folder_error, &list.folder) {
        (Some(error), _) => page.say(0, Tone::Alarm, error),
        (None, Some(folder)) => page.say(0, Tone::Faint, &format!("the folder is {folder}")),
        (None, None) => {
            page.say(0, Tone::Plain, "there is no folder of plugins: name one as plugins.dir in stint.toml");
        }
    }
    if !list.tried {
        page.say(0, Tone::Plain, "no host is running: the files were read, and nothing of them was tried");
    }
    page.finish()
}

fn cells(plugin: &PluginView) -> Vec<String> {
    let version = plugin.version.clone().unwrap_or_default();
    vec![plugin.name.clone(), plugin.kind.clone(), version, plugin.state.clone()]
}

fn notes(plugin: &PluginView, paper: &Paper) -> Vec<(Tone, String)> {
    let mut notes = Vec::new();
    if let Some(error) = &plugin.error {
        let tone = if plugin.state == "ready" { Tone::Plain } else { Tone::Alarm };
        notes.push((tone, error.clone()));
    }
    notes.extend(plugin.file.iter().map(|file| (Tone::Plain, file.clone())));
    notes.extend(plugin.sha256.iter().map(|sha256| (Tone::Faint, format!("sha256:{sha256}"))));
    if let Some(since) = plugin.serves_since {
        notes.push((Tone::Faint, format!("serves since {}", when(since.0, paper.now, &paper.zone))));
    }
    if plugin.used_by.is_empty() {
        notes.push((Tone::Faint, "nobody uses it".to_owned()));
    }
    plugin.used_by.iter().for_each(|place| notes.extend(used(place, plugin.error.as_deref())));
    notes
}

/// Who uses it, and what is wrong there, unless that is what is wrong everywhere and was `said`.
fn used(place: &PluginUse, said: Option<&str>) -> Vec<(Tone, String)> {
    let may =
        if place.may.is_empty() { String::new() } else { format!(": it may use {}", place.may.join(", ")) };
    let mut notes = vec![(Tone::Plain, format!("used by [{}]{may}", place.place))];
    notes.extend(
        place.may_not.iter().map(|missing| (Tone::Plain, format!("it {missing} in [{}]", place.place))),
    );
    notes.extend(
        place
            .error
            .iter()
            .filter(|error| said != Some(error.as_str()))
            .flat_map(|error| error.lines())
            .map(|line| (Tone::Alarm, line.to_owned())),
    );
    notes
}

#[cfg(test)]
#[path = "plugins_tests.rs"]
mod tests;
