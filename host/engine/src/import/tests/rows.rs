//! One row at a time: what it becomes, and why it is left.

use super::*;

#[test]
fn an_event_becomes_an_item_of_the_imported_kind_with_the_payload_beside() {
    let payload =
        json!({"timeEntryId": ENTRY, "projectId": "web", "accessToken": "t", "n": {"refreshToken": 1}});
    let done = converted(row(7, "time_entry_start", &payload));
    let (event, entry) = told(&done);
    assert_eq!((event, entry.id.to_string().as_str(), done.secrets), (Event::Started, ENTRY, 2));
    assert_eq!(entry.details.project.as_deref(), Some("web"));
    assert_eq!((entry.started_at, entry.ended_at), (UnixMs((MONDAY + 420) * 1_000), None));
    let origin = &entry.origin;
    assert_eq!(
        (origin.person.as_str(), origin.machine.as_str(), origin.installation.as_str(), entry.zone.as_str()),
        ("ada", "desk", "import", "Europe/Vienna")
    );
    let import = done.item.import().unwrap();
    assert_eq!((import.legacy_id, import.entity_type.as_str()), (7, "time_entry_start"));
    assert_eq!(import.payload, json!({"timeEntryId": ENTRY, "projectId": "web", "n": {}}));
    assert_eq!((done.item.occurred_at, &done.was, &done.picture), (entry.started_at, &Was::Pending, &None));
}

#[test]
fn events_are_told_with_the_work_that_the_rows_before_add_up_to() {
    let mut converter = converter(false);
    let sent = |row| LegacyRow { status: LegacyStatus::Sent, ..row };
    let rows = [
        // Already sent, so it is not imported, but what it says counts.
        sent(event_row(0, "start")),
        event_row(10, "pause"),
        event_row(11, "pause"),
        event_row(20, "resume"),
        event_row(25, "resume"),
        event_row(30, "stop"),
        event_row(31, "stop"),
    ];
    let mut seen = Vec::new();
    for row in rows {
        if let Some(converted) = converter.convert(row).unwrap() {
            let (event, entry) = told(&converted);
            let ended = entry.ended_at.map(|at| at.since(UnixMs(MONDAY * 1_000)).0 / 60_000);
            assert_eq!(entry.started_at, UnixMs(MONDAY * 1_000));
            seen.push((event.word(), entry.worked().0 / 60_000, ended));
        }
    }
    let expected = [
        ("paused", 10, None),
        ("paused", 10, None),
        ("resumed", 10, None),
        ("resumed", 10, None),
        ("stopped", 20, Some(30)),
        ("stopped", 20, Some(30)),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn a_stretch_of_months_is_left_and_changes_nothing_of_what_comes_after() {
    let mut converter = converter(false);
    let month = 31 * 24 * 60;
    converter.convert(event_row(0, "start")).unwrap();
    for what in ["pause", "stop"] {
        assert_eq!(
            converter.convert(event_row(month + 1, what)).unwrap_err().to_string(),
            "it would claim more than 31 days of work at once: one of its times is wrong, or the row between them is missing"
        );
    }
    let stopped = converter.convert(event_row(month, "stop")).unwrap().unwrap();
    assert_eq!(told(&stopped).1.worked(), Millis::from_mins(31 * 24 * 60));
}

#[test]
fn an_event_whose_start_is_unknown_claims_no_work_and_a_clock_set_back_takes_none() {
    let alone = converted(row(9, "time_entry_stop", &json!({})));
    assert_eq!(told(&alone).1.worked(), Millis::ZERO);
    let other = converted(row(10, "time_entry_stop", &json!({})));
    assert_ne!(told(&alone).1.id, told(&other).1.id, "events that name no entry stand alone");
    let mut converter = converter(false);
    converter.convert(event_row(50, "start")).unwrap();
    let back = converter.convert(event_row(40, "pause")).unwrap().unwrap();
    assert_eq!(told(&back).1.worked(), Millis::ZERO);
}

#[test]
fn a_screenshot_keeps_its_bytes_its_true_type_and_its_entry() {
    let bytes = picture(5, 4, 1);
    let payload =
        json!({"imageData": data_url(&bytes), "timeEntryId": "17", "accessToken": "t", "timestamp": 5});
    let done = converted(row(3, "screenshot", &payload));
    let Payload::Screenshot { entry_id, monitor, taken_at, width, height, file, import, .. } =
        &done.item.payload
    else {
        panic!("{done:?}")
    };
    assert_eq!((*entry_id, monitor.as_str()), (Some(EntryId::imported("17")), "unknown"));
    assert_eq!((*taken_at, *width, *height), (UnixMs(5_000), 5, 4));
    assert_eq!((file.mime.as_str(), file.size), ("image/png", bytes.len() as u64));
    assert_eq!(import.as_ref().unwrap().payload, json!({"timeEntryId": "17", "timestamp": 5}));
    assert_eq!((done.picture.as_deref(), done.secrets), (Some(&bytes[..]), 1));
}

#[test]
fn a_row_that_makes_no_sense_is_left_with_the_reason_and_nothing_of_its_content() {
    let with =
        |payload: &str| LegacyRow { payload: payload.into(), ..row(1, "time_entry_start", &json!({})) };
    assert_eq!(left(with("{\"accessToken\": canary")), "its payload is no JSON from line 1, column 17 on");
    assert_eq!(left(with("[\"canary\"]")), "its payload is no JSON object");
    assert_eq!(
        left(with(&"[".repeat(5_000))),
        "its payload is nested too deeply, from line 1, column 128 on"
    );
    assert_eq!(
        left(row(1, "canary", &json!({}))),
        "its entity_type is neither screenshot nor time_entry_start, _pause, _resume or _stop"
    );
    let created_at = CreatedAt::Text("canary".into());
    assert!(left(LegacyRow { created_at, ..event_row(1, "stop") }).starts_with("its created_at is no time"));
    let absurd = LegacyRow { created_at: CreatedAt::Integer(i64::MAX), ..event_row(1, "stop") };
    assert!(left(absurd).starts_with("its created_at is no time"));
    for payload in [json!({}), json!({"imageData": 7}), json!({"imageData": "canary"})] {
        assert!(left(row(1, "screenshot", &payload)).starts_with("its imageData is no data URL"));
    }
    assert_eq!(
        Left::from(stint_store::legacy::Unreadable::Status).to_string(),
        "its status is none of pending, failed and sent"
    );
}

#[test]
fn what_had_failed_comes_with_its_cause_and_message_and_without_its_token() {
    let failed = LegacyRow {
        status: LegacyStatus::Failed,
        retry_count: 5,
        error_message: Some("HTTP 401: Unauthorized, Bearer canary-canary-canary, sent tok-canary-1".into()),
        ..row(1, "time_entry_stop", &json!({"accessToken": "tok-canary-1", "note": "with tok-canary-1"}))
    };
    let done = converted(failed);
    let message = Some("HTTP 401: Unauthorized, Bearer [secret], sent [secret]".into());
    assert_eq!(done.was, Was::Failed { attempts: 5, cause: Cause::Unauthorized, message });
    assert_eq!(done.item.import().unwrap().payload, json!({"note": "with [secret]"}));
    assert_eq!(done.secrets, 4);
}

#[test]
fn the_id_does_not_depend_on_tokens_nor_on_what_is_imported_beside() {
    let plain = json!({"timeEntryId": ENTRY, "a": {"b": 1}});
    let with = json!({"timeEntryId": ENTRY, "a": {"b": 1, "_encrypted": true}, "accessToken": "x", "refreshToken": "y"});
    assert_eq!(
        converted(row(1, "time_entry_start", &plain)).item.id,
        converted(row(1, "time_entry_start", &with)).item.id
    );
    assert_ne!(
        converted(row(1, "time_entry_start", &plain)).item.id,
        converted(row(2, "time_entry_start", &plain)).item.id
    );
}
