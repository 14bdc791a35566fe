-- Purpose: what was found from a step on is forgotten, because it is looked for once more.
-- Parameters: {step} literal. Returns: nothing. Locks: none. Version: 14 or later.
delete from pg_temp.fordway_fault
where step >= {step}
