-- Purpose: typed rows something was found wrong with from a step on.
-- Parameters: {ordinal} identifier, {step} literal. Returns: a condition. Locks: none. Version: 14 or later.
typed.{ordinal} in (
    select fault.ordinal
    from pg_temp.fordway_fault as fault
    where fault.step >= {step}
)
