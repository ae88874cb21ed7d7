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
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  section TEXT NOT NULL,
  record BIGINT NOT NULL,
  -- create, update, trash, restore, rollup, declare
  what TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX feed_at ON feed (at);

-- Work on many records: what is left of it outlives the process that began it.
DROP INDEX operation_actor;
ALTER TABLE operation RENAME TO operation_before;
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
  json_object('Update', json_object('patch', json(json_extract(task, '$.Update')), 'seen', NULL)),
  section, state, done, total, json_array_length(refused), at
FROM operation_before WHERE state <> 'done' AND json_extract(task, '$.Update') IS NOT NULL;
INSERT INTO operation_item (op, place, section, record)
SELECT operation.id, records.key + 1, operation_before.section, records.value
FROM operation_before JOIN operation ON operation.id = operation_before.id, json_each(operation_before.records) AS records;
DROP TABLE operation_before;

-- Begins with what tells most: without statistics nothing else is taken for it.
DROP INDEX link_record;
CREATE INDEX link_record ON link (record, section, field);
