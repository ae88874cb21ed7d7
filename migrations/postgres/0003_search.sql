-- Whose index of pairs of letters has all records, and in which way it was made. `migrate` makes the others.
CREATE TABLE search_index (
  section TEXT PRIMARY KEY,
  fold BIGINT NOT NULL
);
ALTER TABLE clients ADD COLUMN pairs INTEGER[];
CREATE INDEX clients_pairs ON clients USING GIN (pairs);
INSERT INTO search_index (section, fold) SELECT 'clients', 1 WHERE NOT EXISTS (SELECT 1 FROM clients);
