-- Logins have small letters; of two that would become one the later stays as it is.
UPDATE users SET login = LOWER(login) WHERE login <> LOWER(login)
  AND NOT EXISTS (SELECT 1 FROM users AS other WHERE other.id <> users.id AND LOWER(other.login) = LOWER(users.login));
-- Namesakes are told apart.
CREATE INDEX users_name ON users (name);
-- The latest drafts of a person stay.
CREATE INDEX draft_actor ON draft (actor, at);
