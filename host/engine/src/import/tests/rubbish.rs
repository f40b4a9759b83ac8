//! Rows with anything in them.

use proptest::prelude::*;

use super::*;

/// Any JSON, with the names that matter among those that don't.
fn any_json() -> impl Strategy<Value = Value> {
    let names = prop_oneof![
        Just("accessToken".to_owned()),
        Just("_encrypted".to_owned()),
        Just("imageData".to_owned()),
        Just("timeEntryId".to_owned()),
        Just("startedAt".to_owned()),
        Just("tags".to_owned()),
        Just("project".to_owned()),
        ".{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("data:image/png;base64,iVBORw0KGgo=")),
        Just(json!("{\"accessToken\": \"x\"}")),
        "Bearer [a-z]{10,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names.clone(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_a_row_holds_it_is_converted_without_tokens_or_left(
        payload in prop_oneof![any_json().prop_map(|json| json.to_string()), ".{0,40}"],
        entity_type in prop_oneof![
            Just("screenshot".to_owned()), Just("time_entry_start".to_owned()), Just("time_entry_stop".to_owned()), ".{0,8}"
        ],
        created_at in prop_oneof![
            any::<i64>().prop_map(CreatedAt::Integer),
            any::<f64>().prop_map(CreatedAt::Real),
            ".{0,20}".prop_map(CreatedAt::Text),
            Just(CreatedAt::Integer(MONDAY)),
        ],
        error_message in prop::option::of(".{0,40}"),
        failed: bool,
    ) {
        let status = if failed { LegacyStatus::Failed } else { LegacyStatus::Pending };
        let row = LegacyRow { id: 1, entity_type, payload, status, retry_count: 1, created_at, error_message };
        if let Ok(done) = converter(false).convert(row.clone()) {
            let done = done.expect("only what was sent is left out");
            prop_assert_eq!(converter(true).convert(row).unwrap().unwrap().item.id, done.item.id);
            let kept = done.item.import().unwrap().payload.to_string();
            prop_assert!(!kept.contains("accessToken\"") && !kept.contains("\"_encrypted\""), "{}", kept);
        }
    }
}
