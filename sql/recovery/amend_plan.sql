-- Purpose: from now on taken keys of a table are merged, where the plan had foreseen none.
-- Parameters: run_id, on_conflict, newest_by, decision_id text; table_number integer. Returns: nothing. Locks: the row.
-- Version: 14 or later.
insert into fordway.plan_amendment (run_id, table_number, on_conflict, newest_by, decision_id)
values (%(run_id)s, %(table_number)s, %(on_conflict)s, %(newest_by)s, %(decision_id)s)
on conflict (run_id, table_number) do update
set
    on_conflict = excluded.on_conflict,
    newest_by = excluded.newest_by,
    decision_id = excluded.decision_id
