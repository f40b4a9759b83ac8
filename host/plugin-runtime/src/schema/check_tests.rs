//! Settings against schemas: the texts an operator reads, and the bounds that keep a hostile schema cheap.

use serde_json::json;

use super::*;
use crate::schema::check_schema;

fn lines(schema: &Value, value: &Value) -> Vec<String> {
    assert_eq!(check_schema(schema), [], "the schema itself is usable");
    check_value(schema, value).iter().map(ToString::to_string).collect()
}

fn schema() -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["url"],
        "properties": {
            "url": {"type": "string", "minLength": 8},
            "port": {"type": "integer", "minimum": 1, "maximum": 65535},
            "mode": {"enum": ["fast", "careful"]},
            "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2, "uniqueItems": true},
            "project": {"$ref": "#/$defs/project"},
            "limit": {"anyOf": [{"type": "null"}, {"type": "object", "properties": {"rows": {"type": "integer"}}}]},
        },
        "$defs": {"project": {"type": "object", "additionalProperties": {"type": "integer"}}}
    })
}

#[test]
fn settings_that_fit_have_no_problem() {
    let good = json!({
        "url": "https://x.test", "port": 443.0, "mode": "fast", "tags": ["a", "b"], "project": {"x": 1}, "limit": {"rows": 3}
    });
    assert_eq!(lines(&schema(), &good), [""; 0]);
}

#[test]
fn every_problem_is_reported_at_once_with_its_place_and_remedy() {
    let bad = json!({
        "port": 0, "mode": "carefull", "tgas": [], "tags": ["a", "a", 3], "project": {"a/b": "one"}, "limit": {"rows": "x"}
    });
    assert_eq!(
        lines(&schema(), &bad),
        [
            "`url` is missing (add url = …)",
            "/limit: none of the 2 possible forms fits (the nearest says: /limit/rows: a text is of the wrong type (write a whole number))",
            "/mode: \"carefull\" is not possible here (did you mean `careful`?)",
            "/port: 0 is out of range (at least 1)",
            "/project/a~1b: a text is of the wrong type (write a whole number)",
            "/tags: 3 entries are too many (at most 2)",
            "/tags: an entry is here twice (write each entry once)",
            "/tags/2: a number is of the wrong type (write a text in quotes)",
            "/tgas: `tgas` is not known here (did you mean `tags`?)",
        ]
    );
    assert_eq!(lines(&schema(), &json!(3)), ["a number is of the wrong type (write a table)"]);
    assert_eq!(lines(&schema(), &json!({"url": "short"})), ["/url: 5 characters are too few (at least 8)"]);
}

#[test]
fn one_of_refuses_what_fits_twice() {
    let schema = json!({"oneOf": [{"type": "integer"}, {"type": "number"}]});
    assert_eq!(lines(&schema, &json!(1.5)), [""; 0]);
    assert_eq!(
        lines(&schema, &json!(1)),
        ["more than one of the possible forms fits (write it so that only one does)"]
    );
}

#[test]
fn a_schema_is_refused_for_what_it_would_only_seem_to_say() {
    let problems: Vec<String> = check_schema(&json!({
        "type": "text", "propertys": {}, "pattern": "(a+)+$", "required": "url", "minLength": -1, "maximum": "3",
        "properties": {"a": 3}, "items": {"$ref": "https://evil.test/schema"}, "anyOf": [],
    }))
    .iter()
    .map(ToString::to_string)
    .collect();
    assert_eq!(
        problems,
        [
            "/anyOf: `anyOf` has the wrong type (write a list of schemas)",
            "/items/$ref: `$ref` has the wrong type (write a reference to a definition of this schema, such as \"#/$defs/project\")",
            "/maximum: `maximum` has the wrong type (write a number)",
            "/minLength: `minLength` has the wrong type (write a whole number)",
            "/pattern: the keyword `pattern` is not supported (what may be written here: $ref, $defs, type, enum, const, properties, required, additionalProperties, minProperties, maxProperties, items, minItems, maxItems, uniqueItems, minLength, maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum, anyOf, oneOf, $schema, $id, $comment, title, description, default, examples, format, deprecated, writeOnly)",
            "/properties/a: a schema is an object (for example {\"type\": \"string\"})",
            "/propertys: the keyword `propertys` is not supported (did you mean `properties`?)",
            "/required: `required` has the wrong type (write a list)",
            "/type: this is no type (one or several of object, array, string, integer, number, boolean, null)",
        ]
    );
}

#[test]
fn a_reference_that_leads_back_to_itself_is_refused() {
    let reference = |name: &str| json!({"$ref": format!("#/$defs/{name}")});
    for circle in [
        json!({"a": reference("a")}),
        json!({"a": reference("b"), "b": {"anyOf": [{"type": "string"}, reference("a")]}}),
        json!({"a": {"oneOf": [reference("a"), reference("a"), reference("a")]}}),
    ] {
        let problems = check_schema(&json!({"properties": {"x": reference("a")}, "$defs": circle}));
        assert_eq!(
            problems.last().unwrap().to_string(),
            "/properties/x/$ref: this leads back to itself, or over more than 32 references (refer to a definition that \
             says something itself, such as {\"type\": \"string\"})"
        );
    }
}

#[test]
fn a_reference_from_further_inside_is_no_circle() {
    let list = json!({
        "$ref": "#/$defs/list",
        "$defs": {"list": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/$defs/list"}}]}}
    });
    assert_eq!(lines(&list, &json!(["a", ["b", []]])), [""; 0]);
    assert_eq!(lines(&list, &json!([[1]])).len(), 1);
}

#[test]
fn a_schema_that_takes_too_long_is_its_authors_to_mend() {
    let next = |number: i32| json!({"$ref": format!("#/$defs/{}", number + 1)});
    let mut definitions: Map<String, Value> =
        (0..15).map(|number| (number.to_string(), json!({"anyOf": [next(number), next(number)]}))).collect();
    definitions.insert("15".to_owned(), json!({"type": "string"}));
    let schema = json!({"$ref": "#/$defs/0", "$defs": definitions});
    assert_eq!(
        lines(&schema, &json!(1)).last().unwrap(),
        "the plugin's schema can't be checked: it takes too many steps (its author has to mend it)"
    );
}

#[test]
fn what_is_required_can_be_written() {
    let schema = json!({
        "additionalProperties": false, "required": ["url", "chanel"], "properties": {"url": {}, "channel": {}}
    });
    let problems: Vec<String> = check_schema(&schema).iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "/required: `chanel` is required, and `properties` doesn't have it (add it to properties, or take it out)"
        ]
    );
    assert_eq!(
        check_schema(&json!({"required": ["url"], "properties": {}})),
        [],
        "nothing forbids another one"
    );
}

#[test]
fn a_schema_nested_without_end_is_refused() {
    let deep = (0..100).fold(json!({}), |inner, _| json!({"items": inner}));
    assert_eq!(check_schema(&deep).len(), 1);
    assert_eq!(check_schema(&deep)[0].message, "the schema is nested too deep");
}

/// So that alternatives can't multiply them for nothing.
#[test]
fn a_look_at_a_long_list_of_words_takes_as_many_steps() {
    let words: Vec<String> = (0..3000).map(|number| number.to_string()).collect();
    let schema = json!({"enum": words, "required": ["a", "b"], "properties": {"a": {}}});
    let mut check = Check { root: &schema, steps: 0 };
    check.look(&schema, &json!("x"), "", 0, &mut Vec::new());
    assert_eq!(check.steps, 3004);
}

#[test]
fn alternatives_within_alternatives_quote_each_other_in_short() {
    let wrong = (0..20).fold(json!({"const": "x".repeat(400)}), |inner, _| json!({"anyOf": [inner]}));
    let problems = lines(&wrong, &json!(1));
    assert!(problems[0].len() < 1000, "{} bytes", problems[0].len());
}
