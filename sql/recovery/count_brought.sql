-- Purpose: rows one decision brought in beside their batches, and placeholders it made, whoever carried it out.
-- Parameters: run_id, decision_id text. Returns: target_table, rows. Locks: none. Version: 14 or later.
select
    brought.target_table,
    sum(coalesce(made.rows, brought.rows_written))::bigint as rows
from fordway.chunk as brought
left join fordway.chunk_write as made
    on made.run_id = brought.run_id
    and made.pass = brought.pass
    and made.table_number = brought.table_number
    and made.chunk_number = brought.chunk_number
    and made.kind = 'placeholder'
where brought.run_id = %(run_id)s
and brought.pass = 'move'
and brought.state = 'committed'
and brought.origin ->> 'decision' = %(decision_id)s
group by brought.target_table
order by brought.target_table
