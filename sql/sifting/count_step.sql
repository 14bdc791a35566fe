-- Purpose: how many faults a step found.
-- Parameters: {step} literal. Returns: one bigint. Locks: none. Version: 14 or later.
select count(*) as rows
from pg_temp.fordway_fault
where step = {step}
