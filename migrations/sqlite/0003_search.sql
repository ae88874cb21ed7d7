-- Whose index of pairs of letters has all records, and in which way it was made. `migrate` makes the others.
CREATE TABLE search_index (
  section TEXT PRIMARY KEY,
  fold BIGINT NOT NULL
);
CREATE VIRTUAL TABLE clients_pairs USING fts5(p, content='', contentless_delete=1, tokenize='ascii');
INSERT INTO search_index (section, fold) SELECT 'clients', 1 WHERE NOT EXISTS (SELECT 1 FROM clients);
