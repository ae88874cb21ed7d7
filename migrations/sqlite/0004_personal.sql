-- Filters that a user has put into the row, as field keys with commas between them; NULL: the section's own.
ALTER TABLE user_view ADD COLUMN pinned TEXT;
-- light, dark, system
ALTER TABLE users ADD COLUMN theme TEXT NOT NULL DEFAULT 'system';
-- «Chrome, Windows», as far as the browser tells.
ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT '';
-- The operation that this one takes back.
ALTER TABLE change ADD COLUMN undoes TEXT;
CREATE INDEX change_actor ON change (actor, seq);
CREATE INDEX change_undoes ON change (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX operation_actor ON operation (actor, at);
CREATE INDEX change_created ON change (actor, section, seq) WHERE act = 'create';
