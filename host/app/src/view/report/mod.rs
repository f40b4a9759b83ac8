//! `stint report` in its forms: a table and a picture for people, CSV for spreadsheets. JSON is the API's own answer.

mod csv;
#[cfg(test)]
mod samples;
mod scale;
mod shown;
mod svg;
mod table;

pub(crate) use csv::csv;
pub(crate) use shown::Shown;
pub(crate) use svg::svg;
pub(crate) use table::table;
