-- Purpose: typed rows that could not be written because a parent of the same table was not there yet.
-- Parameters: {ordinal} identifier, {step}, {links} literals. Returns: a condition. Locks: none. Version: 14 or later.
typed.{ordinal} in (
    select fault.ordinal
    from pg_temp.fordway_fault as fault
    where fault.step = {step}
    and fault.link = any({links})
)
