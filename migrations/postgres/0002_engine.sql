-- Sections and fields that the owner made at run time, each a declaration as JSON.
CREATE TABLE made_section (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  spec TEXT NOT NULL,
  retired BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE TABLE made_field (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  section TEXT NOT NULL,
  spec TEXT NOT NULL,
  retired BOOLEAN NOT NULL DEFAULT FALSE
);
-- Words that a section has been given instead of its own.
CREATE TABLE section_words (
  section TEXT PRIMARY KEY,
  forms TEXT NOT NULL
);
-- Switches that are on; what belongs to one that is not is nowhere.
CREATE TABLE feature (
  name TEXT PRIMARY KEY
);
-- Raised by every change of the above, in its transaction.
CREATE TABLE registry (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  version BIGINT NOT NULL
);
INSERT INTO registry (one, version) VALUES (1, 1);

-- What a user sees less of, as JSON; NULL for most.
ALTER TABLE users ADD COLUMN limits TEXT;

-- Work on many records: its state outlives a restart.
CREATE TABLE operation (
  id TEXT PRIMARY KEY,
  actor BIGINT NOT NULL,
  section TEXT NOT NULL,
  -- running, stopped, done
  state TEXT NOT NULL,
  -- What is done to each, as JSON.
  task TEXT NOT NULL,
  -- The records, as JSON.
  records TEXT NOT NULL,
  done BIGINT NOT NULL DEFAULT 0,
  total BIGINT NOT NULL,
  -- Records that were left alone, as JSON.
  refused TEXT NOT NULL DEFAULT '[]',
  at BIGINT NOT NULL
);

ALTER TABLE clients ADD COLUMN inn_doubt BIGINT;
ALTER TABLE clients ADD COLUMN ogrn_doubt BIGINT;
ALTER TABLE clients ADD COLUMN segment BIGINT;
ALTER TABLE clients ADD COLUMN last_touch BIGINT;
ALTER TABLE clients ADD COLUMN next_reminder BIGINT;
CREATE INDEX clients_segment ON clients (segment, id) WHERE trashed IS NULL;
CREATE INDEX clients_last_touch ON clients (last_touch, id) WHERE trashed IS NULL;
CREATE INDEX clients_next_reminder ON clients (next_reminder, id) WHERE trashed IS NULL;
