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
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  trashed BIGINT,
  trashed_by BIGINT,
  name TEXT COLLATE "C",
  name_key TEXT COLLATE "C",
  clients TEXT,
  position TEXT,
  position_key TEXT COLLATE "C",
  phones TEXT,
  phones_key TEXT COLLATE "C",
  emails TEXT,
  emails_key TEXT COLLATE "C",
  main BIGINT,
  note TEXT,
  note_key TEXT COLLATE "C",
  created BIGINT NOT NULL,
  created_by BIGINT NOT NULL REFERENCES users (id),
  updated BIGINT NOT NULL,
  pairs INTEGER[]
);
CREATE INDEX contacts_name ON contacts (name_key, id) WHERE trashed IS NULL;
CREATE INDEX contacts_trashed ON contacts (trashed, id) WHERE trashed IS NOT NULL;

CREATE TABLE notes (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  trashed BIGINT,
  trashed_by BIGINT,
  client BIGINT,
  kind BIGINT,
  text TEXT,
  text_key TEXT COLLATE "C",
  at BIGINT,
  contact BIGINT,
  talked BIGINT,
  mentions TEXT,
  edited BIGINT,
  pinned BIGINT,
  created BIGINT NOT NULL,
  created_by BIGINT NOT NULL REFERENCES users (id),
  updated BIGINT NOT NULL,
  pairs INTEGER[]
);
-- The stream of a client, newest first; of one kind; what was said last, and tried.
CREATE INDEX notes_client ON notes (client, at, id) WHERE trashed IS NULL;
CREATE INDEX notes_kind ON notes (client, kind, at, id) WHERE trashed IS NULL;
CREATE INDEX notes_talked ON notes (client, talked, at) WHERE trashed IS NULL;
CREATE INDEX notes_pinned ON notes (client, at) WHERE trashed IS NULL AND pinned = 1;
CREATE INDEX notes_contact ON notes (contact, at) WHERE trashed IS NULL;
CREATE INDEX notes_trashed ON notes (trashed, id) WHERE trashed IS NOT NULL;

CREATE TABLE reminders (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL,
  trashed BIGINT,
  trashed_by BIGINT,
  what BIGINT,
  note TEXT,
  note_key TEXT COLLATE "C",
  due BIGINT,
  wall TEXT,
  wall_key TEXT COLLATE "C",
  zone TEXT,
  zone_key TEXT COLLATE "C",
  client BIGINT,
  contact BIGINT,
  responsible BIGINT REFERENCES users (id),
  repeats BIGINT,
  done BIGINT,
  created BIGINT NOT NULL,
  created_by BIGINT NOT NULL REFERENCES users (id),
  updated BIGINT NOT NULL,
  pairs INTEGER[]
);
CREATE INDEX reminders_client ON reminders (client, due) WHERE trashed IS NULL;
CREATE INDEX reminders_open ON reminders (responsible, due) WHERE trashed IS NULL AND done IS NULL;
CREATE INDEX reminders_due ON reminders (due, id) WHERE trashed IS NULL;
CREATE INDEX reminders_note ON reminders (note_key, id) WHERE trashed IS NULL;
CREATE INDEX reminders_trashed ON reminders (trashed, id) WHERE trashed IS NOT NULL;

-- What is kept of these with each client.
ALTER TABLE clients ADD COLUMN contact BIGINT;
ALTER TABLE clients ADD COLUMN contact_phones TEXT;
ALTER TABLE clients ADD COLUMN contact_phones_key TEXT COLLATE "C";
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
CREATE INDEX contacts_pairs ON contacts USING GIN (pairs);
CREATE INDEX notes_pairs ON notes USING GIN (pairs);
CREATE INDEX reminders_pairs ON reminders USING GIN (pairs);
