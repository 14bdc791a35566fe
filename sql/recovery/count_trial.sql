-- Purpose: a fault was tried once more on this level; a higher level begins at one.
-- Parameters: run_id, fault, error text; level smallint. Returns: level, attempts. Locks: its row. Version: 14 or later.
insert into fordway.trial as kept (run_id, fault, level, attempts, last_error)
values (%(run_id)s, %(fault)s, %(level)s, 1, %(error)s)
on conflict (run_id, fault) do update
set
    level = greatest(kept.level, excluded.level),
    attempts = case when excluded.level > kept.level then 1 else kept.attempts + 1 end,
    last_error = excluded.last_error
returning
    level,
    attempts
