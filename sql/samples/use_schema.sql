-- Makes a schema the one that unqualified names mean, for the session.
-- Parameters: schema, text: a quoted identifier.
-- Rows: one.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
select set_config('search_path', %(schema)s, false)
