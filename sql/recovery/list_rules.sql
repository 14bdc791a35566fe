-- Purpose: a run's rules, oldest first.
-- Parameters: run_id text; only_standing boolean. Returns: rule rows. Locks: none. Version: 14 or later.
select
    rule_id,
    table_number,
    target_table,
    kind,
    place,
    action,
    value,
    words,
    decision_id,
    made_by,
    made_from,
    made_at,
    uses,
    revoked_by,
    revoked_at
from fordway.rule
where run_id = %(run_id)s
and (revoked_at is null or not %(only_standing)s)
order by rule_id
