-- Purpose: an answer stands for every such fault of the run; one that stands already is replaced.
-- Parameters: run_id, target_table, kind, place, action, value, words, decision_id, made_by, made_from text; table_number integer.
-- Returns: rule_id. Locks: the row. Version: 14 or later.
insert into fordway.rule as standing (
    run_id, table_number, target_table, kind, place, action, value, words, decision_id, made_by, made_from
)
values (
    %(run_id)s, %(table_number)s, %(target_table)s, %(kind)s, %(place)s, %(action)s, %(value)s, %(words)s,
    %(decision_id)s, %(made_by)s, %(made_from)s
)
on conflict (run_id, table_number, kind, place) where revoked_at is null do update
set
    action = excluded.action,
    value = excluded.value,
    words = excluded.words,
    decision_id = excluded.decision_id,
    made_by = excluded.made_by,
    made_from = excluded.made_from
returning rule_id
