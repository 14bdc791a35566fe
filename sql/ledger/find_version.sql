-- Purpose: says whether the ledger exists.
-- Parameters: none. Returns: one row, has_ledger boolean.
-- Locks: none. Version: 14 or later.
select to_regclass('fordway.schema_version') is not null as has_ledger
