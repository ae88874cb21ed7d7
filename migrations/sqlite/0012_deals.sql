CREATE TABLE deals (
  id INTEGER PRIMARY KEY,
  version BIGINT NOT NULL,
  trashed BIGINT,
  trashed_by BIGINT,
  title TEXT,
  title_key TEXT,
  title_natural TEXT,
  client BIGINT,
  contact BIGINT,
  amount BIGINT,
  stage BIGINT,
  since BIGINT,
  expected BIGINT,
  responsible BIGINT REFERENCES users (id),
  outcome BIGINT,
  closed BIGINT,
  reason BIGINT,
  reason_note TEXT,
  reason_note_key TEXT,
  reason_note_natural TEXT,
  note TEXT,
  note_key TEXT,
  next_reminder BIGINT,
  created BIGINT NOT NULL,
  created_by BIGINT NOT NULL REFERENCES users (id),
  updated BIGINT NOT NULL
);
CREATE INDEX deals_trashed ON deals (trashed, id) WHERE trashed IS NOT NULL;
-- The deals of a client, and what it keeps of them; deleted ones are parts too.
CREATE INDEX deals_client ON deals (client, outcome, expected, id) WHERE trashed IS NULL;
CREATE INDEX deals_part ON deals (client);
-- A column of the board.
CREATE INDEX deals_stage ON deals (stage, expected, id) WHERE trashed IS NULL;
CREATE VIRTUAL TABLE deals_pairs USING fts5(p, content='', contentless_delete=1, tokenize='ascii');
ALTER TABLE clients ADD COLUMN open_deals BIGINT;
ALTER TABLE clients ADD COLUMN open_sum BIGINT;
ALTER TABLE clients ADD COLUMN won_sum BIGINT;
ALTER TABLE clients ADD COLUMN last_won BIGINT;
INSERT INTO feature (name) VALUES ('deals');
UPDATE registry SET version = version + 1;
INSERT INTO search_index (section, fold) VALUES ('deals', 1);
