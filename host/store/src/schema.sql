-- The store's tables, version 1. Every table is STRICT; times are milliseconds since 1970 in UTC; ids are the
-- sixteen bytes of a UUID. Words of states and kinds are those of the domain.

-- What belongs to the file as a whole: 'epoch' counts the processes that owned it, 'installation' names it.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- ── The timeline ────────────────────────────────────────────────────────────────────────────────────────────

-- The timer, one row. A heartbeat writes this row alone, so nothing large may be kept in it.
CREATE TABLE timer (
    id             INTEGER PRIMARY KEY CHECK (id = 1),
    version        INTEGER NOT NULL,
    state          TEXT    NOT NULL CHECK (state IN ('idle', 'running', 'paused')),
    entry_id       BLOB    REFERENCES entry (id),
    last_entry_id  BLOB,                              -- the entry that was current last; it may be gone
    open_start_ms  INTEGER,                           -- the running stretch, and below when it was last seen
    open_from_ms   INTEGER,
    open_attended  INTEGER,
    open_recovered INTEGER,
    seen_boot      BLOB,
    seen_boottime  INTEGER,
    seen_monotonic INTEGER,
    seen_wall_ms   INTEGER,
    CHECK ((state = 'idle') = (entry_id IS NULL)),
    CHECK ((state = 'running') = (open_start_ms IS NOT NULL)),
    CHECK ((state = 'running') = (seen_boot IS NOT NULL))
) STRICT;

CREATE TABLE entry (
    id           BLOB PRIMARY KEY CHECK (length(id) = 16),
    project      TEXT,
    task         TEXT,
    note         TEXT,
    tags         TEXT    NOT NULL,                    -- a JSON list
    billable     INTEGER NOT NULL,
    started_ms   INTEGER NOT NULL,
    ended_ms     INTEGER,
    until_ms     INTEGER NOT NULL,                    -- where its last segment or gap ends: for lists by time
    zone         TEXT    NOT NULL,
    person       TEXT    NOT NULL,
    machine      TEXT    NOT NULL,
    installation TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_by_end ON entry (until_ms);
CREATE INDEX entry_by_start ON entry (started_ms);

CREATE TABLE segment (
    entry_id  BLOB    NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    place     INTEGER NOT NULL,
    start_ms  INTEGER NOT NULL,
    end_ms    INTEGER NOT NULL,
    worked_ms INTEGER NOT NULL,
    basis     TEXT    NOT NULL CHECK (basis IN ('measured', 'unattended', 'claimed')),
    recovered INTEGER NOT NULL,
    gap_id    BLOB,
    PRIMARY KEY (entry_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX segment_by_end ON segment (end_ms);

CREATE TABLE gap (
    id       BLOB    PRIMARY KEY CHECK (length(id) = 16),
    entry_id BLOB    NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    place    INTEGER NOT NULL,
    kind     TEXT    NOT NULL CHECK (kind IN ('sleep', 'reboot', 'interrupted', 'idle')),
    start_ms INTEGER NOT NULL,
    end_ms   INTEGER NOT NULL,
    kept     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX gap_by_entry ON gap (entry_id, place);
CREATE INDEX gap_by_end ON gap (end_ms);

INSERT INTO timer (id, version, state) VALUES (1, 0, 'idle');

-- The first answer to every command, also to one that changed nothing.
CREATE TABLE command (
    id     BLOB    PRIMARY KEY CHECK (length(id) = 16),
    at_ms  INTEGER NOT NULL,
    answer TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX command_by_time ON command (at_ms);

-- The journal: one sequence without a gap. What targets were told is in the item; a note is kept whole.
CREATE TABLE event (
    seq        INTEGER PRIMARY KEY,
    at_ms      INTEGER NOT NULL,
    entry_id   BLOB    NOT NULL,
    what       TEXT    NOT NULL,                      -- the event's word, or 'noted'
    note       TEXT,                                  -- JSON
    item       BLOB UNIQUE,                           -- the item's own id, for what targets were told
    command_id BLOB,
    CHECK ((what = 'noted') = (note IS NOT NULL)),
    CHECK ((what = 'noted') = (item IS NULL))
) STRICT;
CREATE INDEX event_by_entry ON event (entry_id, seq);

-- How the last change can be taken back.
CREATE TABLE reversal (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    reversal TEXT NOT NULL                            -- JSON
) STRICT;

-- ── The queue ───────────────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE target (
    id             INTEGER PRIMARY KEY,
    name           TEXT    NOT NULL UNIQUE,
    key_seed       TEXT    NOT NULL,                  -- made once, never changed: idempotency keys hang on it
    accepts        INTEGER NOT NULL,                  -- one bit a kind
    ordering       TEXT    NOT NULL DEFAULT 'per-entry' CHECK (ordering IN ('per-entry', 'none')),
    idempotency    TEXT    NOT NULL DEFAULT 'at-most-once'
                   CHECK (idempotency IN ('native-key', 'put-overwrite', 'lookup-before-create', 'at-most-once')),
    made_of        TEXT,                              -- names its plugin, settings and credentials as of its last pass
    paused         INTEGER NOT NULL DEFAULT 0,        -- by a person
    held           TEXT,                              -- by the host, and why
    held_message   TEXT,
    held_ms        INTEGER,
    retired_ms     INTEGER,                           -- no longer in the configuration
    fail_streak    INTEGER NOT NULL DEFAULT 0,
    open_until_ms  INTEGER,
    floor_boot     BLOB,
    floor_until_ms INTEGER,                           -- by that boot's own clock, not the wall's
    floor_wait_ms  INTEGER,
    batch          INTEGER NOT NULL DEFAULT 10,
    last_pass_ms   INTEGER,
    last_pass      TEXT,                              -- JSON
    last_error     TEXT,
    token          INTEGER NOT NULL DEFAULT 0,        -- the last fencing token given out
    lock_token     INTEGER,
    lock_owner     INTEGER,
    lock_until_ms  INTEGER,
    -- The counts, kept by the same transactions that change deliveries. `issued`, `sent`, `superseded` and
    -- `dropped` count for ever; the others are what there is now.
    issued         INTEGER NOT NULL DEFAULT 0,
    ready          INTEGER NOT NULL DEFAULT 0 CHECK (ready >= 0),
    waiting        INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    delayed        INTEGER NOT NULL DEFAULT 0 CHECK (delayed >= 0),
    leased         INTEGER NOT NULL DEFAULT 0 CHECK (leased >= 0),
    unknown        INTEGER NOT NULL DEFAULT 0 CHECK (unknown >= 0),
    failed         INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
    sent           INTEGER NOT NULL DEFAULT 0 CHECK (sent >= 0),
    superseded     INTEGER NOT NULL DEFAULT 0 CHECK (superseded >= 0),
    dropped        INTEGER NOT NULL DEFAULT 0 CHECK (dropped >= 0),
    overflowed     INTEGER NOT NULL DEFAULT 0,        -- how many of the dropped went for want of room
    CHECK (issued = ready + waiting + delayed + leased + unknown + failed + sent + superseded + dropped),
    CHECK ((floor_boot IS NULL) = (floor_until_ms IS NULL) AND (floor_boot IS NULL) = (floor_wait_ms IS NULL)),
    CHECK ((lock_token IS NULL) = (lock_owner IS NULL) AND (lock_token IS NULL) = (lock_until_ms IS NULL))
) STRICT;

-- The kinds of which an item succeeded since the target's configuration, credential or plugin last changed.
CREATE TABLE proven (
    target_id INTEGER NOT NULL REFERENCES target (id),
    kind      TEXT    NOT NULL,
    PRIMARY KEY (target_id, kind)
) STRICT, WITHOUT ROWID;

-- Content by its SHA-256. Small content is here, large content is a file of that name.
CREATE TABLE blob (
    hash    BLOB PRIMARY KEY CHECK (length(hash) = 32),
    size    INTEGER NOT NULL,
    in_file INTEGER NOT NULL,
    data    BLOB,
    CHECK ((data IS NULL) = (in_file = 1))
) STRICT, WITHOUT ROWID;

-- An item is here once, whoever it is for. The number is its age: older is smaller, and none is given out twice.
--
-- What comes in hundreds, items and deliveries, has its references looked at when the transaction ends, and no function
-- in a CHECK: for either SQLite copies every page that a statement of many rows touches, to take it back alone.
CREATE TABLE item (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id    BLOB    NOT NULL UNIQUE,
    kind        TEXT    NOT NULL,
    priority    INTEGER NOT NULL,
    entry_id    BLOB,
    occurred_ms INTEGER NOT NULL,
    created_ms  INTEGER NOT NULL,
    body_sha256 BLOB    NOT NULL,
    blob_hash   BLOB    REFERENCES blob (hash) DEFERRABLE INITIALLY DEFERRED,
    lone        INTEGER NOT NULL DEFAULT 0,           -- no target ever was to have it
    payload     BLOB    NOT NULL                      -- the bytes as they were given; last, for its size
) STRICT;
CREATE INDEX item_by_entry ON item (entry_id, id) WHERE entry_id IS NOT NULL;
CREATE INDEX item_by_blob ON item (blob_hash) WHERE blob_hash IS NOT NULL;
CREATE INDEX item_lone ON item (created_ms) WHERE lone = 1;

-- Rows of an old queue that came in. They outlive their items: a row whose item was delivered and purged must not
-- come in again when the same file is imported once more.
CREATE TABLE imported (
    id    BLOB    PRIMARY KEY CHECK (length(id) = 16),
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where one item stands at one target. The key begins with the item, so a new row is appended and an item's rows
-- lie together; whatever asks by target asks for a state as well and goes through an index. A query has to spell the
-- condition of a partial index as the index does: a bound parameter does not match it.
--
-- A new delivery is three entries: the row, its state, its lane. Every further index that a new row entered would
-- make recording dearer, and so would a list of words in a condition, `state IN (...)`, which SQLite builds a table
-- for whenever it is asked.
CREATE TABLE delivery (
    item_id        INTEGER NOT NULL REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED,
    target_id      INTEGER NOT NULL REFERENCES target (id) DEFERRABLE INITIALLY DEFERRED,
    lane           BLOB,                              -- the entry whose order it keeps
    holds          INTEGER NOT NULL DEFAULT 0,        -- whether younger ones of the lane wait for it
    priority       INTEGER NOT NULL,
    state          TEXT    NOT NULL,
    attempts       INTEGER NOT NULL DEFAULT 0,
    crashes        INTEGER NOT NULL DEFAULT 0,
    attempted_ms   INTEGER,                           -- when its bytes were first handed to the network: frozen then
    uncertain      INTEGER NOT NULL DEFAULT 0,        -- it may once have arrived without our knowing
    looking_up     INTEGER NOT NULL DEFAULT 0,        -- the lease is for asking, not for sending
    due_ms         INTEGER,
    lease_token    INTEGER,
    lease_owner    INTEGER,
    lease_until_ms INTEGER,
    done_ms        INTEGER,
    cause          TEXT,
    error          TEXT,
    remote_id      TEXT,
    key_seed       TEXT,                              -- the seed of the target it was moved from
    PRIMARY KEY (item_id, target_id),
    CHECK (CASE state
        WHEN 'ready'      THEN due_ms IS NULL     AND lease_token IS NULL     AND done_ms IS NULL
        WHEN 'waiting'    THEN due_ms IS NULL     AND lease_token IS NULL     AND done_ms IS NULL
        WHEN 'delayed'    THEN due_ms IS NOT NULL AND lease_token IS NULL     AND done_ms IS NULL
        WHEN 'leased'     THEN due_ms IS NULL     AND lease_token IS NOT NULL AND done_ms IS NULL
        WHEN 'unknown'    THEN due_ms IS NOT NULL AND lease_token IS NULL     AND done_ms IS NULL
        WHEN 'failed'     THEN due_ms IS NULL     AND lease_token IS NULL     AND done_ms IS NULL
        WHEN 'sent'       THEN due_ms IS NULL     AND lease_token IS NULL     AND done_ms IS NOT NULL
        WHEN 'superseded' THEN due_ms IS NULL     AND lease_token IS NULL     AND done_ms IS NOT NULL
        WHEN 'dropped'    THEN due_ms IS NULL     AND lease_token IS NULL     AND done_ms IS NOT NULL
        ELSE 0 END),
    CHECK (holds = 0 OR lane IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX d_state ON delivery (target_id, state, priority, item_id) WHERE done_ms IS NULL;
CREATE INDEX d_waiting ON delivery (target_id, lane, item_id) WHERE state = 'waiting';
CREATE INDEX d_delayed ON delivery (target_id, priority, due_ms) WHERE state = 'delayed';
CREATE INDEX d_leased ON delivery (target_id, lease_until_ms) WHERE state = 'leased';
CREATE INDEX d_unknown ON delivery (target_id, due_ms) WHERE state = 'unknown';
CREATE INDEX d_done ON delivery (done_ms) WHERE done_ms IS NOT NULL;
CREATE INDEX d_dropped ON delivery (done_ms) WHERE state = 'dropped';
CREATE INDEX d_lane ON delivery (target_id, lane, item_id) WHERE holds = 1 AND done_ms IS NULL;

-- What the transforms made of an item, where they made anything of it. Written before the first request.
CREATE TABLE prepared (
    item_id    INTEGER NOT NULL,
    target_id  INTEGER NOT NULL,
    chain_hash BLOB    NOT NULL,
    blob_hash  BLOB    REFERENCES blob (hash),
    payload    BLOB    NOT NULL,
    PRIMARY KEY (item_id, target_id),
    FOREIGN KEY (item_id, target_id) REFERENCES delivery (item_id, target_id)
        ON UPDATE CASCADE ON DELETE CASCADE
) STRICT;
CREATE INDEX prepared_by_blob ON prepared (blob_hash) WHERE blob_hash IS NOT NULL;

-- What a target knows of an entry. It outlives deliveries, and the entry itself until its deletion is told.
CREATE TABLE entry_remote (
    entry_id  BLOB    NOT NULL,
    target_id INTEGER NOT NULL REFERENCES target (id),
    remote_id TEXT,
    key_seed  TEXT,                                   -- the seed under which the target came to know it, if another
    PRIMARY KEY (entry_id, target_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE history (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id       INTEGER NOT NULL,
    target_id     INTEGER NOT NULL,
    at_ms         INTEGER NOT NULL,
    attempt       INTEGER NOT NULL,
    outcome       TEXT    NOT NULL,                   -- the state it led to
    cause         TEXT,
    http_status   INTEGER,
    message       TEXT,
    excerpt       TEXT,
    plugin         TEXT    NOT NULL,
    plugin_version TEXT    NOT NULL,
    plugin_sha256  BLOB    NOT NULL
) STRICT;
CREATE INDEX history_by_item ON history (item_id, target_id);

-- What plugins remember, by target and plugin.
CREATE TABLE plugin_state (
    target_id INTEGER NOT NULL REFERENCES target (id),
    plugin    TEXT    NOT NULL,
    key       TEXT    NOT NULL,
    value     BLOB    NOT NULL,
    PRIMARY KEY (target_id, plugin, key)
) STRICT;

-- How long the files are that a target's plugin appends to, as of the last settled outcome.
CREATE TABLE plugin_file (
    target_id INTEGER NOT NULL REFERENCES target (id),
    path      TEXT    NOT NULL,
    length    INTEGER NOT NULL,
    PRIMARY KEY (target_id, path)
) STRICT;
