-- What the owner declares stands in columns. What stood in JSON until now is taken over.
ALTER TABLE section_words RENAME TO old_words;
ALTER TABLE made_section
  ADD COLUMN one_ru TEXT,
  ADD COLUMN one_en TEXT,
  ADD COLUMN many_ru TEXT,
  ADD COLUMN many_en TEXT,
  ADD COLUMN few_ru TEXT,
  ADD COLUMN few_en TEXT,
  ADD COLUMN of_many_ru TEXT,
  ADD COLUMN of_many_en TEXT;
-- Switched off: nowhere, its table stays.
ALTER TABLE made_section RENAME COLUMN retired TO hidden;
UPDATE made_section SET
  one_ru = forms #>> '{one,ru}',
  one_en = forms #>> '{one,en}',
  many_ru = forms #>> '{many,ru}',
  many_en = forms #>> '{many,en}',
  few_ru = forms #>> '{few,ru}',
  few_en = forms #>> '{few,en}',
  of_many_ru = forms #>> '{of_many,ru}',
  of_many_en = forms #>> '{of_many,en}'
FROM (
  SELECT old_section.id, COALESCE(old_words.forms::jsonb, old_section.spec::jsonb -> 'forms') AS forms
  FROM made_section AS old_section
  LEFT JOIN old_words ON old_words.section = 's' || old_section.id
) AS worded
WHERE worded.id = made_section.id;
ALTER TABLE made_section
  DROP COLUMN spec,
  ALTER COLUMN one_ru SET NOT NULL,
  ALTER COLUMN one_en SET NOT NULL,
  ALTER COLUMN many_ru SET NOT NULL,
  ALTER COLUMN many_en SET NOT NULL,
  ALTER COLUMN few_ru SET NOT NULL,
  ALTER COLUMN few_en SET NOT NULL,
  ALTER COLUMN of_many_ru SET NOT NULL,
  ALTER COLUMN of_many_en SET NOT NULL;

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
  forms::jsonb #>> '{one,ru}',
  forms::jsonb #>> '{one,en}',
  forms::jsonb #>> '{many,ru}',
  forms::jsonb #>> '{many,en}',
  forms::jsonb #>> '{few,ru}',
  forms::jsonb #>> '{few,en}',
  forms::jsonb #>> '{of_many,ru}',
  forms::jsonb #>> '{of_many,en}'
FROM old_words
WHERE section NOT IN (SELECT 's' || id FROM made_section);

ALTER TABLE made_field
  ADD COLUMN label_ru TEXT,
  ADD COLUMN label_en TEXT,
  ADD COLUMN kind TEXT,
  -- What the kind has beside its name, as JSON: {"choices": […]}, {"target": "users"}, {"within": [1, 5]}.
  ADD COLUMN data TEXT,
  ADD COLUMN place BIGINT,
  ADD COLUMN in_table BOOLEAN,
  ADD COLUMN on_card BOOLEAN,
  ADD COLUMN in_filters BOOLEAN,
  ADD COLUMN required BOOLEAN;
-- Switched off: nowhere, its column stays.
ALTER TABLE made_field RENAME COLUMN retired TO hidden;
-- References that pointed nowhere could never hold anything: they are switched off.
UPDATE made_field SET
  label_ru = spec::jsonb #>> '{label,ru}',
  label_en = spec::jsonb #>> '{label,en}',
  kind = spec::jsonb ->> 'kind',
  data = CASE spec::jsonb ->> 'kind'
    WHEN 'Choice' THEN jsonb_build_object('choices', spec::jsonb -> 'choices')::text
    WHEN 'Reference' THEN jsonb_build_object('target', COALESCE(spec::jsonb #>> '{target,Section}', 'users'))::text
    WHEN 'References' THEN jsonb_build_object('target', COALESCE(spec::jsonb #>> '{target,Section}', 'users'))::text
  END,
  place = (1000 + id) * 1048576,
  in_table = (spec::jsonb ->> 'default_column')::boolean,
  on_card = (spec::jsonb ->> 'on_card')::boolean,
  in_filters = FALSE,
  required = FALSE,
  hidden = hidden
    OR (spec::jsonb ->> 'kind' IN ('Reference', 'References') AND spec::jsonb ->> 'target' IS NULL);
ALTER TABLE made_field
  DROP COLUMN spec,
  ALTER COLUMN label_ru SET NOT NULL,
  ALTER COLUMN label_en SET NOT NULL,
  ALTER COLUMN kind SET NOT NULL,
  ALTER COLUMN place SET NOT NULL,
  ALTER COLUMN in_table SET NOT NULL,
  ALTER COLUMN on_card SET NOT NULL,
  ALTER COLUMN in_filters SET NOT NULL,
  ALTER COLUMN required SET NOT NULL;
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

DROP TABLE old_words;
UPDATE registry SET version = version + 1;
