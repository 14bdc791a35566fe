-- Purpose: what was suspected of rows that could be written, or that failed for another reason, is no fault of theirs.
-- Parameters: {place}, {ordinal} identifiers, {step} literal. Returns: nothing. Locks: none. Version: 14 or later.
delete from pg_temp.fordway_fault as fault
using pg_temp.fordway_trial as trial
where trial.{ordinal} = fault.ordinal
and fault.step >= {step}
and not exists (
    select 1
    from pg_temp.fordway_refusal as refusal
    where refusal.place = trial.{place}
    and refusal.code = fault.sqlstate
)
