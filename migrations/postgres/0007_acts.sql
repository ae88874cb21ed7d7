-- What a request was answered with, as JSON; `request` is the SHA-256 of what was sent.
DROP TABLE idempotency;
CREATE TABLE idempotency (
  actor BIGINT NOT NULL,
  key TEXT NOT NULL,
  request TEXT NOT NULL,
  answer TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (actor, key, request)
);
CREATE INDEX idempotency_at ON idempotency (at);

-- An operation is taken back record by record.
DROP INDEX change_undoes;
CREATE INDEX change_undoes ON change (undoes, section, record) WHERE undoes IS NOT NULL;

-- What was committed, in the order of the commits.
CREATE TABLE feed (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Its place in the order of the commits, given by a reader.
  n BIGINT,
  section TEXT NOT NULL,
  record BIGINT NOT NULL,
  -- create, update, trash, restore, rollup, declare
  what TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX feed_at ON feed (at);
CREATE UNIQUE INDEX feed_n ON feed (n) WHERE n IS NOT NULL;
CREATE INDEX feed_waiting ON feed (seq) WHERE n IS NULL;
CREATE TABLE feed_head (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  next BIGINT NOT NULL
);
INSERT INTO feed_head (one, next) VALUES (1, 1);

-- Which transaction wrote a change: a list's snapshot tells whether the list had it.
ALTER TABLE change ADD COLUMN xid xid8;
ALTER TABLE change ALTER COLUMN xid SET DEFAULT pg_current_xact_id();

-- Work on many records: what is left of it outlives the process that began it.
DROP INDEX operation_actor;
ALTER TABLE operation RENAME TO operation_before;
ALTER INDEX operation_pkey RENAME TO operation_before_pkey;
CREATE TABLE operation (
  id TEXT PRIMARY KEY,
  actor BIGINT NOT NULL,
  -- What is done to each, as JSON.
  task TEXT NOT NULL,
  -- The section of its records; NULL when they are of several.
  section TEXT,
  -- running, stopped, done
  state TEXT NOT NULL,
  -- Why it stopped by itself.
  problem TEXT,
  done BIGINT NOT NULL DEFAULT 0,
  total BIGINT NOT NULL,
  -- How many records were left alone, wholly or in some fields.
  left_alone BIGINT NOT NULL DEFAULT 0,
  at BIGINT NOT NULL,
  ended BIGINT,
  -- Who runs it, and until when that is believed without news.
  runner TEXT,
  lease BIGINT
);
CREATE INDEX operation_actor ON operation (actor, at);
CREATE INDEX operation_running ON operation (at) WHERE state = 'running';

CREATE TABLE operation_item (
  op TEXT NOT NULL,
  -- From 1, in the order of sections and numbers. Those up to the operation's `done` have been looked at.
  place BIGINT NOT NULL,
  section TEXT NOT NULL,
  record BIGINT NOT NULL,
  -- Why it was left alone, as JSON.
  problem TEXT,
  PRIMARY KEY (op, place)
);
CREATE INDEX operation_item_left ON operation_item (op, place) WHERE problem IS NOT NULL;

-- What an older version had under way goes on; its undoings, which a person can begin again, have ended.
INSERT INTO operation (id, actor, task, section, state, done, total, left_alone, at)
SELECT id, actor,
  json_build_object('Update', json_build_object('patch', task::json -> 'Update', 'seen', NULL::text))::text,
  section, state, done, total, json_array_length(refused::json), at
FROM operation_before WHERE state <> 'done' AND task::json -> 'Update' IS NOT NULL;
INSERT INTO operation_item (op, place, section, record)
SELECT operation.id, records.place, operation_before.section, records.record::bigint
FROM operation_before JOIN operation ON operation.id = operation_before.id,
  json_array_elements_text(operation_before.records::json) WITH ORDINALITY AS records (record, place);
DROP TABLE operation_before;

-- Begins with what tells most: without statistics nothing else is taken for it.
DROP INDEX link_record;
CREATE INDEX link_record ON link (record, section, field);
