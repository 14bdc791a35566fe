-- Makes a schema, unless it is there.
-- Identifiers: schema.
-- Parameters: none.
-- Rows: none.
-- Locks: none that others would notice.
-- Minimum version: PostgreSQL 14.
create schema if not exists {schema}
