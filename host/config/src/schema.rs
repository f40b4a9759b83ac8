//! The JSON Schema of `stint.toml`, for editors. It is made from the model; a test keeps the file in `config/` true.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::model::Config;

/// The schema of the file.
pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Config>();
    schema.insert("title".to_owned(), "stint.toml".into());
    schema.to_value()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        decode::{Context, Reader},
        text::{Source, SourceName, Sources},
        tree::parse_document,
    };

    /// What a schema refers to.
    fn resolved<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
        let reference = schema["$ref"].as_str().or_else(|| schema["anyOf"][0]["$ref"].as_str());
        reference.map_or(schema, |name| root.pointer(name.trim_start_matches('#')).unwrap())
    }

    fn child<'s>(root: &'s Value, schema: &'s Value, key: &str) -> &'s Value {
        let schema = resolved(root, schema);
        let found = match (&schema["properties"][key], &schema["additionalProperties"]) {
            (Value::Null, Value::Object(_)) => &schema["additionalProperties"],
            (Value::Null, _) => schema["patternProperties"].as_object().unwrap().values().next().unwrap(),
            (property, _) => property,
        };
        let found = resolved(root, found);
        resolved(root, if found["type"] == "array" { &found["items"] } else { found })
    }

    fn keys(schema: &Value) -> BTreeSet<String> {
        let whole = schema["properties"].as_object().into_iter();
        let variants = schema["oneOf"].as_array().into_iter().flatten();
        let parts = variants.filter_map(|variant| variant["properties"].as_object());
        whole.chain(parts).flat_map(|properties| properties.keys().cloned()).collect()
    }

    #[test]
    fn the_schema_has_the_keys_that_are_read_and_no_others() {
        let text = include_str!("../tests/good/everything.toml");
        let mut sources = Sources::default();
        let name = SourceName::File("everything.toml".into());
        let source = sources.add(Source { name, text: text.into(), base: "/".into(), masks: Vec::new() });
        let (tree, mistakes) = parse_document(text, source);
        assert!(mistakes.is_empty());
        let mut cx = Context::new(&sources, Some("/home/anna".into()));
        let _: Config = Reader::root(&tree, &mut cx);
        let (findings, tables) = cx.finish();
        assert!(findings.is_empty(), "{findings:?}");
        let root = schema();
        let mut seen = BTreeSet::new();
        for known in tables {
            let schema = known.table.iter().fold(&root, |schema, key| child(&root, schema, key));
            let read: BTreeSet<String> = known.keys.iter().map(|key| (*key).to_owned()).collect();
            assert_eq!(keys(schema), read, "{:?}", known.table);
            seen.insert(known.table.first().cloned().unwrap_or_default());
        }
        assert_eq!(seen.len(), 1 + crate::load::TABLES.len(), "every table is in everything.toml: {seen:?}");
    }
}
