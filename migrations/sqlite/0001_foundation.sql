CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('admin', 'manager')),
  -- NULL: cannot sign in.
  password_hash TEXT,
  language TEXT NOT NULL DEFAULT 'ru',
  zone TEXT NOT NULL DEFAULT 'Europe/Moscow',
  created BIGINT NOT NULL,
  CONSTRAINT users_login_unique UNIQUE (login)
);

CREATE TABLE session (
  -- SHA-256 of the token in the cookie.
  token_hash TEXT PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES users (id),
  created BIGINT NOT NULL,
  seen BIGINT NOT NULL
);

CREATE TABLE login_attempt (
  login TEXT PRIMARY KEY,
  failed BIGINT NOT NULL,
  since BIGINT NOT NULL
);

-- The next number of each section.
CREATE TABLE counter (
  section TEXT PRIMARY KEY,
  next BIGINT NOT NULL
);

CREATE TABLE change (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  op TEXT NOT NULL,
  section TEXT NOT NULL,
  record BIGINT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  source TEXT NOT NULL,
  act TEXT NOT NULL,
  -- {"address": ["old", "new"], …}
  fields TEXT NOT NULL,
  CONSTRAINT change_version_unique UNIQUE (section, record, version)
);
CREATE INDEX change_op ON change (op);

CREATE TABLE idempotency (
  actor BIGINT NOT NULL,
  key TEXT NOT NULL,
  -- What was asked for: the same key for something else is another request.
  request TEXT NOT NULL,
  record BIGINT NOT NULL,
  -- The record's version after it: a record that has changed since is asked anew.
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (actor, key, request)
);
CREATE INDEX idempotency_at ON idempotency (at);

-- What was typed into a form that was refused.
CREATE TABLE draft (
  id TEXT PRIMARY KEY,
  actor BIGINT NOT NULL,
  section TEXT NOT NULL,
  record BIGINT NOT NULL,
  body TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX draft_at ON draft (at);

-- How a user looks at a section: columns and density.
CREATE TABLE user_view (
  user_id BIGINT NOT NULL REFERENCES users (id),
  section TEXT NOT NULL,
  columns TEXT,
  dense BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (user_id, section)
);

CREATE TABLE clients (
  id INTEGER PRIMARY KEY,
  version BIGINT NOT NULL,
  trashed BIGINT,
  trashed_by BIGINT,
  name TEXT,
  name_key TEXT,
  inn TEXT,
  kpp TEXT,
  ogrn TEXT,
  phone TEXT,
  phone_key TEXT,
  email TEXT,
  email_key TEXT,
  address TEXT,
  address_key TEXT,
  site TEXT,
  site_key TEXT,
  responsible BIGINT REFERENCES users (id),
  created BIGINT NOT NULL,
  created_by BIGINT NOT NULL REFERENCES users (id),
  updated BIGINT NOT NULL
);
CREATE INDEX clients_name ON clients (name_key, id) WHERE trashed IS NULL;
CREATE INDEX clients_inn ON clients (inn, id) WHERE trashed IS NULL;
CREATE INDEX clients_phone ON clients (phone_key, id) WHERE trashed IS NULL;
CREATE INDEX clients_responsible ON clients (responsible, id) WHERE trashed IS NULL;
CREATE INDEX clients_created ON clients (created, id) WHERE trashed IS NULL;
CREATE INDEX clients_trashed ON clients (trashed, id) WHERE trashed IS NOT NULL;
