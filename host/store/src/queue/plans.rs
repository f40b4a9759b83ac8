//! The plans that the cost of a claim, a settlement and an upkeep step hangs on, asserted: an index by its name and
//! its terms, and no walk over a table.

use rusqlite::{Connection, config::DbConfig};

use super::{claim, fan_out, lane, listing, overflow, record, refresh, retry, supersede, upkeep};
use crate::{schema, target::plans as status};

fn plan(sql: &str) -> Vec<String> {
    let connection = Connection::open_in_memory().unwrap();
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).unwrap();
    connection.execute_batch(schema::SCHEMA).unwrap();
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    for parameter in 1..=statement.parameter_count() {
        statement.raw_bind_parameter(parameter, 1).unwrap();
    }
    let mut rows = statement.raw_query();
    let mut plan = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        plan.push(row.get::<_, String>(3).unwrap());
    }
    plan
}

/// The plan has this step, and no step that walks a table or sorts.
#[track_caller]
fn assert_plan(sql: &str, step: &str) {
    let plan = plan(sql);
    assert!(plan.iter().any(|line| line.contains(step)), "{step:?} is not in {plan:#?}");
    for line in &plan {
        let constant =
            line.ends_with("VALUES CLAUSE") || line.ends_with("CONSTANT ROW") || line.contains("(subquery");
        let walks = line.contains("SCAN") && !constant;
        assert!(!walks, "a scan in {plan:#?}");
        assert!(!line.contains("TEMP B-TREE"), "a sort in {plan:#?}");
    }
}

#[test]
fn a_claim_reads_the_first_rows_of_the_ready_index() {
    assert_plan(claim::READY, "USING INDEX d_state (target_id=? AND state=? AND priority<?)");
    assert_plan(claim::READY_OF_KINDS, "USING INDEX d_state (target_id=? AND state=? AND priority<?)");
    assert_plan(claim::TAKE, "USING PRIMARY KEY (item_id=? AND target_id=?)");
    assert_plan(claim::READ, "SEARCH d USING PRIMARY KEY (item_id=? AND target_id=?)");
}

#[test]
fn a_lookup_reads_the_first_rows_of_the_unknown_index() {
    assert_plan(claim::UNKNOWN, "USING COVERING INDEX d_unknown (target_id=? AND due_ms<?)");
}

#[test]
fn promotion_reads_what_is_due_and_nothing_else() {
    assert_plan(refresh::PROMOTE, "USING COVERING INDEX d_delayed (target_id=? AND priority=? AND due_ms<?)");
    let [delayed, unknown] = refresh::HASTEN;
    assert_plan(delayed, "USING COVERING INDEX d_delayed (target_id=? AND priority=? AND due_ms>?)");
    assert_plan(unknown, "USING COVERING INDEX d_unknown (target_id=? AND due_ms>?)");
}

#[test]
fn clamping_reads_what_lies_too_far_ahead_and_nothing_else() {
    let [delayed, unknown, leased] = refresh::CLAMP;
    assert_plan(delayed, "USING COVERING INDEX d_delayed (target_id=? AND priority=? AND due_ms>?)");
    assert_plan(unknown, "USING COVERING INDEX d_unknown (target_id=? AND due_ms>?)");
    assert_plan(leased, "USING COVERING INDEX d_leased (target_id=? AND lease_until_ms>?)");
    assert_plan(upkeep::CLAMP, "USING COVERING INDEX d_done (done_ms>?)");
}

#[test]
fn reaping_reads_what_has_lapsed_and_nothing_else() {
    assert_plan(refresh::LAPSED, "USING COVERING INDEX d_leased (target_id=? AND lease_until_ms<?)");
    assert_plan(refresh::LEASED, "USING INDEX d_leased (target_id=?)");
}

#[test]
fn a_lane_is_entered_at_its_head_and_promoted_from_its_waiting_rows() {
    assert_plan(lane::HEAD, "USING INDEX d_lane (target_id=? AND lane=?)");
    assert_plan(lane::YOUNGEST, "USING INDEX d_lane (target_id=?)");
    assert_plan(lane::PROMOTE, "INDEX d_waiting (target_id=? AND lane=? AND item_id<?)");
    assert_plan(supersede::NEWEST, "USING INDEX d_lane (target_id=? AND lane=?)");
    assert_plan(supersede::OLDER, "USING INDEX d_lane (target_id=? AND lane=? AND item_id<?)");
}

#[test]
fn overflow_reads_the_oldest_of_one_priority() {
    assert_plan(overflow::OLDEST, "USING INDEX d_state (target_id=? AND state=? AND priority=?)");
}

#[test]
fn a_purge_reads_what_was_done_first() {
    assert_plan(upkeep::OLD, "USING COVERING INDEX d_done (done_ms<?)");
    assert_plan(upkeep::LONE, "USING COVERING INDEX item_lone (created_ms<?)");
    assert_plan(upkeep::NEEDED, "SEARCH delivery USING PRIMARY KEY (item_id=?)");
    assert_plan(upkeep::BLOBS, "USING COVERING INDEX item_by_blob (blob_hash=?)");
    assert_plan(upkeep::BLOBS, "USING COVERING INDEX prepared_by_blob (blob_hash=?)");
}

#[test]
fn recording_looks_up_its_key_alone() {
    let rows = plan(record::INSERT_ITEM);
    assert_eq!(
        rows,
        ["SEARCH delivery USING PRIMARY KEY (item_id=?)"],
        "where a reference is open, and nothing else"
    );
    assert_plan(record::NEWEST, "SEARCH item");
    assert_plan(record::KNOWN, "INDEX sqlite_autoindex_item_1 (event_id=?)");
}

/// A list of words in a check or in an index's condition would have a table built for it with each row.
#[test]
fn what_comes_into_the_queue_has_no_table_built_for_it() {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(schema::SCHEMA).unwrap();
    for sql in [record::INSERT_ITEM, fan_out::INSERT_DELIVERY] {
        let mut statement = connection.prepare(&format!("EXPLAIN {sql}")).unwrap();
        let mut steps = statement.raw_query();
        let mut inserts = 0;
        while let Some(step) = steps.next().unwrap() {
            let step: String = step.get(1).unwrap();
            assert!(!step.contains("Ephemeral"), "{step} in {sql}");
            inserts += usize::from(step == "IdxInsert");
        }
        assert!(inserts > 1, "{sql}");
    }
}

#[test]
fn lists_go_through_the_index_of_their_state() {
    assert_plan(listing::OPEN, "USING INDEX d_state (target_id=? AND state=? AND priority=? AND item_id<?)");
    assert_plan(listing::DROPPED, "USING COVERING INDEX d_dropped (done_ms<?)");
    assert_plan(listing::SENT, "USING INDEX d_done (done_ms<?)");
    assert_plan(listing::ALL, "USING PRIMARY KEY (item_id<?)");
    assert_plan(retry::FAILED, "USING INDEX d_state (target_id=? AND state=?)");
}

#[test]
fn a_status_reads_the_ends_of_indexes() {
    assert_plan(status::OLDEST_PENDING, "USING INDEX d_state (target_id=? AND state=? AND priority=?)");
    assert_plan(status::NEXT_DUE, "USING COVERING INDEX d_delayed (target_id=? AND priority=?)");
    assert_plan(status::NEXT_DUE, "USING COVERING INDEX d_unknown (target_id=?)");
}

#[test]
fn what_there_is_to_do_is_read_at_the_ends_of_indexes() {
    use status::outlook;
    assert_plan(outlook::READY, "USING INDEX d_state (target_id=? AND state=?)");
    assert_plan(outlook::DUE, "USING COVERING INDEX d_delayed (target_id=? AND priority=? AND due_ms<?)");
    assert_plan(outlook::LAPSED, "USING COVERING INDEX d_leased (target_id=? AND lease_until_ms<?)");
    assert_plan(outlook::DOUBT, "USING COVERING INDEX d_unknown (target_id=? AND due_ms<?)");
    assert_plan(
        outlook::NEXT_DUE,
        "USING COVERING INDEX d_delayed (target_id=? AND priority=? AND due_ms>?)",
    );
    assert_plan(outlook::NEXT_DUE, "USING COVERING INDEX d_unknown (target_id=? AND due_ms>?)");
    assert_plan(outlook::NEXT_DUE, "USING COVERING INDEX d_leased (target_id=? AND lease_until_ms>?)");
    assert_plan(outlook::CENSUS, "USING INDEX d_state (target_id=? AND state=? AND priority=?)");
}

#[test]
fn the_assertion_fails_on_a_walk() {
    let walked = std::panic::catch_unwind(|| assert_plan("SELECT count(*) FROM delivery", "delivery"));
    assert!(walked.is_err());
    let sorted = "SELECT item_id FROM delivery WHERE item_id = 1 ORDER BY cause";
    assert!(std::panic::catch_unwind(|| assert_plan(sorted, "delivery")).is_err());
}
