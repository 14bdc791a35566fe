-- Purpose: what was decided about a batch's rows waits to be carried out with the batch, behind what was decided before.
-- Parameters: run_id, kind, place, action, value, decision_id text; table_number, chunk_number integer.
-- Returns: nothing. Locks: the row. Version: 14 or later.
insert into fordway.treatment (run_id, table_number, chunk_number, kind, place, action, value, decision_id)
values (
    %(run_id)s, %(table_number)s, %(chunk_number)s, %(kind)s, %(place)s, %(action)s, %(value)s, %(decision_id)s
)
on conflict (run_id, pass, table_number, chunk_number, kind, place, action) do update
set
    value = excluded.value,
    decision_id = excluded.decision_id,
    state = 'armed',
    armed_at = now()
