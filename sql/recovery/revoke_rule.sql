-- Purpose: a rule holds no longer; what it did stays done.
-- Parameters: run_id, who text; rule_id bigint. Returns: words when it stood. Locks: its row. Version: 14 or later.
update fordway.rule
set
    revoked_by = %(who)s,
    revoked_at = clock_timestamp()
where run_id = %(run_id)s
and rule_id = %(rule_id)s
and revoked_at is null
returning words
