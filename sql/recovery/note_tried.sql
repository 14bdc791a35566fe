-- Purpose: an option was taken for a fault; should the fault come again, it did not cure it.
-- Parameters: run_id, fault, option text. Returns: nothing. Locks: its row. Version: 14 or later.
insert into fordway.trial as kept (run_id, fault, level, tried)
values (%(run_id)s, %(fault)s, 3, array[%(option)s::text])
on conflict (run_id, fault) do update
set
    level = 3,
    tried = array_append(array_remove(kept.tried, %(option)s::text), %(option)s::text)
