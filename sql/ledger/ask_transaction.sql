-- Purpose: what became of a transaction whose commit was cut off (manual, "Transaction ID and Snapshot
-- Information Functions"). A server that never got to that number, as after a failover, never saw it.
-- Parameters: xid text. Returns: state: committed, aborted, in progress, or null when it is too old to know.
-- Locks: none. Version: 14 or later.
select
    case
        when %(xid)s::xid8 < pg_current_xact_id() then pg_xact_status(%(xid)s::xid8)
        else 'aborted'
    end as state
