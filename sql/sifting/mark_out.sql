-- Purpose: rows with a fault take no part in later checks.
-- Parameters: {ordinal}, {state} identifiers, {step} literal. Returns: nothing. Locks: none. Version: 14 or later.
update pg_temp.fordway_typed as typed
set {state} = 1
where typed.{state} <> 1
and typed.{ordinal} in (
    select fault.ordinal
    from pg_temp.fordway_fault as fault
    where fault.step = {step}
)
