-- Purpose: typed rows something was found wrong with from a step on, before they were tried.
-- Parameters: {ordinal} identifier, {step}, {before} literals. Returns: a condition. Locks: none. Version: 14 or later.
typed.{ordinal} in (
    select fault.ordinal
    from pg_temp.fordway_fault as fault
    where fault.step >= {step}
    and fault.step < {before}
)
