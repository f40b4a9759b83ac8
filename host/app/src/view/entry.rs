//! What a person said about an entry, in one line.

use stint_domain::entry::Details;

use crate::text::fit;

/// What was worked on: `Website / Review: Read the draft  #a #b  billable`. Each part takes so many columns at most,
/// so that a name of ten kilobytes leaves something to be seen of the rest.
pub(super) fn about(details: &Details, columns: usize) -> String {
    let Details { project, task, note, tags, billable } = details;
    let place: Vec<String> = [project, task].into_iter().flatten().map(|name| fit(name, columns)).collect();
    let mut text = place.join(" / ");
    if let Some(note) = note {
        let note = fit(note, columns);
        text = if text.is_empty() { note } else { format!("{text}: {note}") };
    }
    let tags: Vec<String> = tags.iter().map(|tag| format!("#{}", fit(tag, columns))).collect();
    let billable = if *billable { "billable" } else { "" };
    let parts = [text.as_str(), &fit(&tags.join(" "), columns), billable];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("  ")
}

/// The end of an id: enough to name it on the command line.
pub(crate) fn short(id: &impl std::fmt::Display) -> String {
    let id = id.to_string();
    id[id.len().saturating_sub(8)..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_takes_no_room() {
        let some = |text: &str| Some(text.to_owned());
        let tags = vec!["a".to_owned(), "b".to_owned()];
        let mut details = Details {
            project: some("Website"),
            task: some("Review"),
            note: some("Read"),
            tags,
            billable: true,
        };
        assert_eq!(about(&details, 20), "Website / Review: Read  #a #b  billable");
        assert_eq!(about(&details, 4), "Web… / Rev…: Read  #a …  billable");
        details = Details { task: some("Review"), ..Details::default() };
        assert_eq!(about(&details, 20), "Review");
        details = Details { note: some("Read"), billable: true, ..Details::default() };
        assert_eq!(about(&details, 20), "Read  billable");
        assert_eq!(about(&Details::default(), 20), "");
    }

    #[test]
    fn an_id_is_named_by_its_end() {
        assert_eq!(short(&"01890a5d-ac96-774b-bcce-b302099a8057"), "099a8057");
        assert_eq!(short(&"7"), "7");
    }
}
