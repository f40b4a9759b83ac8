//! Where the texts of an item are.

use serde::Deserialize;
use stint_plugin_sdk::{Activity, Entry, Item, Payload};

use crate::json;

/// A text of an item, by the name that settings use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Field {
    Project,
    Task,
    Note,
    Tags,
    Labels,
    App,
    Title,
    Person,
    Machine,
    Extra,
    Data,
}

/// The fields that a rule looks at: all of them when it names none.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Fields(Vec<Field>);

impl Fields {
    fn has(&self, field: Field) -> bool {
        self.0.is_empty() || self.0.contains(&field)
    }
}

/// Shows a text and takes the new one, if it is to be replaced.
pub(crate) type Edit<'a> = &'a mut dyn FnMut(&str) -> Option<String>;

/// Shows the wanted texts of an item, one after the other. A text that becomes empty is left out where it may be.
pub(crate) fn walk(item: &mut Item, wanted: &Fields, edit: Edit<'_>) {
    if wanted.has(Field::Labels) {
        item.labels.retain_mut(|label| keep(&mut label.value, edit));
    }
    match &mut item.payload {
        Payload::TimeEntry(time_entry) => walk_entry(&mut time_entry.entry, wanted, edit),
        Payload::Activity(activity) => walk_activity(activity, wanted, edit),
        Payload::Custom(custom) if wanted.has(Field::Data) => json::edit(&mut custom.data, edit),
        Payload::Custom(_) | Payload::Screenshot(_) => {}
    }
}

fn walk_entry(entry: &mut Entry, wanted: &Fields, edit: Edit<'_>) {
    let optional = [
        (Field::Project, &mut entry.project),
        (Field::Task, &mut entry.task),
        (Field::Note, &mut entry.note),
    ];
    for (field, text) in optional {
        if wanted.has(field) {
            edit_optional(text, edit);
        }
    }
    if wanted.has(Field::Tags) {
        entry.tags.retain_mut(|tag| keep(tag, edit));
    }
    let always = [(Field::Person, &mut entry.origin.person), (Field::Machine, &mut entry.origin.machine)];
    for (field, text) in always {
        if wanted.has(field) {
            keep(text, edit);
        }
    }
    if wanted.has(Field::Extra) {
        json::edit(&mut entry.extra, edit);
    }
}

fn walk_activity(activity: &mut Activity, wanted: &Fields, edit: Edit<'_>) {
    for sample in &mut activity.samples {
        for (field, text) in [(Field::App, &mut sample.app), (Field::Title, &mut sample.title)] {
            if wanted.has(field) {
                edit_optional(text, edit);
            }
        }
    }
}

/// A text that was there and becomes empty is gone.
fn edit_optional(text: &mut Option<String>, edit: Edit<'_>) {
    if text.as_mut().is_some_and(|text| !keep(text, edit)) {
        *text = None;
    }
}

/// Edits a text; false when the edit emptied it.
fn keep(text: &mut String, edit: Edit<'_>) -> bool {
    match edit(text) {
        Some(new) => {
            *text = new;
            !text.is_empty()
        }
        None => true,
    }
}
