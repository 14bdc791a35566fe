-- One value of a key that is looked for.
-- Places: place, a number.
-- Parameters: none.
-- Rows: a fragment.
-- Locks: none.
-- Minimum version: SQLite 3.9 (JSON functions).
json_extract(asked.value, '$[{place}]')
