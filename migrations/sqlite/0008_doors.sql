-- Passwords that were tried and were not right: of a login from an address, of an address, of a login from anywhere.
DROP TABLE login_attempt;
CREATE TABLE attempt (
  subject TEXT PRIMARY KEY,
  tried BIGINT NOT NULL,
  since BIGINT NOT NULL
);
CREATE INDEX attempt_since ON attempt (since);

-- From where accounts have been signed in: what is tried from elsewhere keeps nobody out there.
CREATE TABLE known_address (
  user_id BIGINT NOT NULL REFERENCES users (id),
  address TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (user_id, address)
);
CREATE INDEX known_address_at ON known_address (at);
