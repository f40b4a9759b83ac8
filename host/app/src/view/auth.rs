//! `stint auth status` for people: where each credential is kept, whether it is there, and what to do where it isn't.

use super::Paper;
use crate::{
    api::{CredentialList, CredentialView},
    text::{Page, Row, Table, Tone},
    time::when,
};

/// The credentials, by their names' order.
pub(crate) fn credentials(list: &CredentialList, paper: &Paper) -> String {
    let mut page = Page::new(paper.width);
    if list.credentials.is_empty() {
        page.say(0, Tone::Plain, "no credentials: the configuration has no [credentials.NAME]");
        return page.finish();
    }
    let mut table = Table::new(&["CREDENTIAL", "SCHEME", "PRESENT", "EXPIRES"]);
    for credential in &list.credentials {
        table.push(Row { cells: cells(credential, paper), notes: notes(credential) });
    }
    table.write(&mut page);
    page.finish()
}

fn cells(credential: &CredentialView, paper: &Paper) -> Vec<String> {
    let present = match credential.present {
        Some(true) => "yes",
        Some(false) => "no",
        None => "?",
    };
    let expires = credential.expires_at.map(|at| when(at.0, paper.now, &paper.zone));
    vec![credential.name.clone(), credential.scheme.clone(), present.to_owned(), expires.unwrap_or_default()]
}

fn notes(credential: &CredentialView) -> Vec<(Tone, String)> {
    let mut notes = Vec::new();
    let places = [("kept in", &credential.kept_in), ("its tokens in", &credential.stored_in)];
    for (what, place) in places {
        notes.extend(place.as_ref().map(|place| (Tone::Faint, format!("{what} {place}"))));
    }
    notes.extend(credential.problem.iter().map(|problem| (Tone::Alarm, problem.clone())));
    notes.extend(credential.warnings.iter().map(|warning| (Tone::Plain, format!("warning: {warning}"))));
    notes
}
