-- Makes the transaction see what another session's snapshot sees (manual, SET TRANSACTION).
-- Literal: snapshot, an identifier pg_export_snapshot() returned; the exporting transaction must be open.
-- Rows: none.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
set transaction snapshot {snapshot}
