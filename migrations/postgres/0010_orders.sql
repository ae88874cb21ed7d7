-- The indexes by which fields are found and sorted are made from the declarations of the fields (`store::ddl`), under
-- names of their own. Those that were written down one by one go.
DROP INDEX clients_name;
DROP INDEX clients_inn;
DROP INDEX clients_phone;
DROP INDEX clients_responsible;
DROP INDEX clients_created;
DROP INDEX clients_segment;
DROP INDEX clients_last_touch;
DROP INDEX clients_next_reminder;
DROP INDEX clients_rhythm;
DROP INDEX contacts_name;
DROP INDEX reminders_due;
DROP INDEX reminders_note;

-- The sessions of a person, the latest first.
CREATE INDEX session_of_user ON session (user_id, seen);
-- Those that are over.
CREATE INDEX session_seen ON session (seen);
CREATE INDEX session_created ON session (created);
