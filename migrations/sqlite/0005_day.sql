-- The links of fields that refer to several records.
CREATE TABLE link (
  section TEXT NOT NULL,
  field TEXT NOT NULL,
  record BIGINT NOT NULL,
  target BIGINT NOT NULL,
  PRIMARY KEY (section, field, target, record)
);
CREATE INDEX link_record ON link (section, field, record);

CREATE TABLE contacts (
  id INTEGER PRIMARY KEY,
  version BIGINT NOT NULL,
  trashed BIGINT,
  trashed_by BIGINT,
  name TEXT,
  name_key TEXT,
  clients TEXT,
  position TEXT,
  position_key TEXT,
  phones TEXT,
  phones_key TEXT,
  emails TEXT,
  emails_key TEXT,
  main BIGINT,
  note TEXT,
  note_key TEXT,
  created BIGINT NOT NULL,
  created_by BIGINT NOT NULL REFERENCES users (id),
  updated BIGINT NOT NULL
);
CREATE INDEX contacts_name ON contacts (name_key, id) WHERE trashed IS NULL;
CREATE INDEX contacts_trashed ON contacts (trashed, id) WHERE trashed IS NOT NULL;

CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  version BIGINT NOT NULL,
  trashed BIGINT,
  trashed_by BIGINT,
  client BIGINT,
  kind BIGINT,
  text TEXT,
  text_key TEXT,
  at BIGINT,
  contact BIGINT,
  talked BIGINT,
  mentions TEXT,
  edited BIGINT,
  pinned BIGINT,
  created BIGINT NOT NULL,
  created_by BIGINT NOT NULL REFERENCES users (id),
  updated BIGINT NOT NULL
);
-- The stream of a client, newest first; of one kind; what was said last, and tried.
CREATE INDEX notes_client ON notes (client, at, id) WHERE trashed IS NULL;
CREATE INDEX notes_kind ON notes (client, kind, at, id) WHERE trashed IS NULL;
CREATE INDEX notes_talked ON notes (client, talked, at) WHERE trashed IS NULL;
CREATE INDEX notes_pinned ON notes (client, at) WHERE trashed IS NULL AND pinned = 1;
CREATE INDEX notes_contact ON notes (contact, at) WHERE trashed IS NULL;
CREATE INDEX notes_trashed ON notes (trashed, id) WHERE trashed IS NOT NULL;

CREATE TABLE reminders (
  id INTEGER PRIMARY KEY,
  version BIGINT NOT NULL,
  trashed BIGINT,
  trashed_by BIGINT,
  what BIGINT,
  note TEXT,
  note_key TEXT,
  due BIGINT,
  wall TEXT,
  wall_key TEXT,
  zone TEXT,
  zone_key TEXT,
  client BIGINT,
  contact BIGINT,
  responsible BIGINT REFERENCES users (id),
  repeats BIGINT,
  done BIGINT,
  created BIGINT NOT NULL,
  created_by BIGINT NOT NULL REFERENCES users (id),
  updated BIGINT NOT NULL
);
CREATE INDEX reminders_client ON reminders (client, due) WHERE trashed IS NULL;
CREATE INDEX reminders_open ON reminders (responsible, due) WHERE trashed IS NULL AND done IS NULL;
CREATE INDEX reminders_due ON reminders (due, id) WHERE trashed IS NULL;
CREATE INDEX reminders_note ON reminders (note_key, id) WHERE trashed IS NULL;
CREATE INDEX reminders_trashed ON reminders (trashed, id) WHERE trashed IS NOT NULL;

-- What is kept of these with each client.
ALTER TABLE clients ADD COLUMN contact BIGINT;
ALTER TABLE clients ADD COLUMN contact_phones TEXT;
ALTER TABLE clients ADD COLUMN contact_phones_key TEXT;
ALTER TABLE clients ADD COLUMN last_attempt BIGINT;
ALTER TABLE clients ADD COLUMN rhythm BIGINT;
CREATE INDEX clients_rhythm ON clients (rhythm, id) WHERE trashed IS NULL AND rhythm IS NOT NULL;
-- Until now a demonstration base alone had these, set by hand.
UPDATE clients SET last_touch = NULL, next_reminder = NULL;

-- Mentions that were read.
CREATE TABLE mention_seen (
  user_id BIGINT NOT NULL REFERENCES users (id),
  note BIGINT NOT NULL,
  PRIMARY KEY (user_id, note)
);
-- When an employee left: nobody is tied to them any more, and they cannot sign in.
ALTER TABLE users ADD COLUMN gone BIGINT;

DELETE FROM feature WHERE name = 'attention';
INSERT INTO feature (name) VALUES ('contacts'), ('notes'), ('reminders');
UPDATE registry SET version = version + 1;
INSERT INTO search_index (section, fold) VALUES ('contacts', 1), ('notes', 1), ('reminders', 1);
CREATE VIRTUAL TABLE contacts_pairs USING fts5(p, content='', contentless_delete=1, tokenize='ascii');
CREATE VIRTUAL TABLE notes_pairs USING fts5(p, content='', contentless_delete=1, tokenize='ascii');
CREATE VIRTUAL TABLE reminders_pairs USING fts5(p, content='', contentless_delete=1, tokenize='ascii');
