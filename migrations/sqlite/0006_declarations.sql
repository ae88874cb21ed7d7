-- What the owner declares stands in columns. What stood in JSON until now is taken over.
ALTER TABLE made_section RENAME TO old_section;
ALTER TABLE made_field RENAME TO old_field;
ALTER TABLE section_words RENAME TO old_words;

CREATE TABLE made_section (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  one_ru TEXT NOT NULL,
  one_en TEXT NOT NULL,
  many_ru TEXT NOT NULL,
  many_en TEXT NOT NULL,
  few_ru TEXT NOT NULL,
  few_en TEXT NOT NULL,
  of_many_ru TEXT NOT NULL,
  of_many_en TEXT NOT NULL,
  -- Switched off: nowhere, its table stays.
  hidden BOOLEAN NOT NULL DEFAULT FALSE
);
INSERT INTO made_section (id, one_ru, one_en, many_ru, many_en, few_ru, few_en, of_many_ru, of_many_en, hidden)
SELECT
  id,
  json_extract(forms, '$.one.ru'),
  json_extract(forms, '$.one.en'),
  json_extract(forms, '$.many.ru'),
  json_extract(forms, '$.many.en'),
  json_extract(forms, '$.few.ru'),
  json_extract(forms, '$.few.en'),
  json_extract(forms, '$.of_many.ru'),
  json_extract(forms, '$.of_many.en'),
  retired
FROM (
  SELECT
    old_section.id,
    old_section.retired,
    COALESCE(old_words.forms, json_extract(old_section.spec, '$.forms')) AS forms
  FROM old_section
  LEFT JOIN old_words ON old_words.section = 's' || old_section.id
) AS worded;

-- Words that a built-in section has been given instead of its own.
CREATE TABLE section_words (
  section TEXT PRIMARY KEY,
  one_ru TEXT,
  one_en TEXT,
  many_ru TEXT,
  many_en TEXT,
  few_ru TEXT,
  few_en TEXT,
  of_many_ru TEXT,
  of_many_en TEXT
);
INSERT INTO section_words (section, one_ru, one_en, many_ru, many_en, few_ru, few_en, of_many_ru, of_many_en)
SELECT
  section,
  json_extract(forms, '$.one.ru'),
  json_extract(forms, '$.one.en'),
  json_extract(forms, '$.many.ru'),
  json_extract(forms, '$.many.en'),
  json_extract(forms, '$.few.ru'),
  json_extract(forms, '$.few.en'),
  json_extract(forms, '$.of_many.ru'),
  json_extract(forms, '$.of_many.en')
FROM old_words
WHERE section NOT IN (SELECT 's' || id FROM old_section);

CREATE TABLE made_field (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  section TEXT NOT NULL,
  label_ru TEXT NOT NULL,
  label_en TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- What the kind has beside its name, as JSON: {"choices": […]}, {"target": "users"}, {"within": [1, 5]}.
  data TEXT,
  place BIGINT NOT NULL,
  in_table BOOLEAN NOT NULL,
  on_card BOOLEAN NOT NULL,
  in_filters BOOLEAN NOT NULL,
  required BOOLEAN NOT NULL,
  -- Switched off: nowhere, its column stays.
  hidden BOOLEAN NOT NULL DEFAULT FALSE
);
-- References that pointed nowhere could never hold anything: they are switched off.
INSERT INTO made_field
  (id, section, label_ru, label_en, kind, data, place, in_table, on_card, in_filters, required, hidden)
SELECT
  id,
  section,
  json_extract(spec, '$.label.ru'),
  json_extract(spec, '$.label.en'),
  json_extract(spec, '$.kind'),
  CASE json_extract(spec, '$.kind')
    WHEN 'Choice' THEN json_object('choices', json_extract(spec, '$.choices'))
    WHEN 'Reference' THEN json_object('target', COALESCE(json_extract(spec, '$.target.Section'), 'users'))
    WHEN 'References' THEN json_object('target', COALESCE(json_extract(spec, '$.target.Section'), 'users'))
  END,
  (1000 + id) * 1048576,
  json_extract(spec, '$.default_column'),
  json_extract(spec, '$.on_card'),
  FALSE,
  FALSE,
  retired
    OR (json_extract(spec, '$.kind') IN ('Reference', 'References') AND json_extract(spec, '$.target') IS NULL)
FROM old_field;
CREATE INDEX made_field_section ON made_field (section, id);

-- The same of built-in fields, where the owner has changed it.
CREATE TABLE field_overlay (
  section TEXT NOT NULL,
  field TEXT NOT NULL,
  label_ru TEXT,
  label_en TEXT,
  place BIGINT,
  in_table BOOLEAN,
  on_card BOOLEAN,
  in_filters BOOLEAN,
  required BOOLEAN,
  hidden BOOLEAN,
  PRIMARY KEY (section, field)
);

DROP TABLE old_section;
DROP TABLE old_field;
DROP TABLE old_words;
UPDATE registry SET version = version + 1;
