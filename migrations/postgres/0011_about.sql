-- What is said of a record of any section: `deals.17`. What is said of a client alone names none.
ALTER TABLE notes ADD COLUMN about TEXT COLLATE "C";
CREATE INDEX notes_about ON notes (about, at, id) WHERE about IS NOT NULL;
-- The stream of a contact, newest first.
DROP INDEX notes_contact;
CREATE INDEX notes_contact ON notes (contact, at, id) WHERE trashed IS NULL;
ALTER TABLE reminders ADD COLUMN about TEXT COLLATE "C";
CREATE INDEX reminders_about ON reminders (about, due) WHERE about IS NOT NULL;

-- How keys are sorted that have numbers in them: by what these are worth.
ALTER TABLE clients ADD COLUMN name_natural TEXT COLLATE "C";
ALTER TABLE clients ADD COLUMN address_natural TEXT COLLATE "C";
ALTER TABLE contacts ADD COLUMN name_natural TEXT COLLATE "C";
ALTER TABLE contacts ADD COLUMN position_natural TEXT COLLATE "C";
ALTER TABLE reminders ADD COLUMN note_natural TEXT COLLATE "C";
