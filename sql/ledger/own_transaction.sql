-- Purpose: the number of the transaction one is in, to ask later what became of it.
-- Parameters: none. Returns: xid text. Locks: none. Version: 14 or later.
select pg_current_xact_id()::text as xid
