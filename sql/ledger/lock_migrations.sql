-- Purpose: lets one session at a time migrate the ledger.
-- Parameters: none. Returns: nothing of use.
-- Locks: one advisory lock until the transaction ends. Version: 14 or later.
select pg_advisory_xact_lock(hashtext('fordway ledger migrations'))
