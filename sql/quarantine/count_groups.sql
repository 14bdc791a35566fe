-- Purpose: rows set aside, by table, place, reason and what became of them.
-- Parameters: run_id text. Returns: target_table, place, kind, reason, state text; rows bigint; first_id bigint. Locks: none.
-- Version: 14 or later.
select
    target_table,
    coalesce(nullif(place, ''), column_name) as place,
    kind,
    case when kind = 'no-parent' then 'no parent is there' else reason end as reason,
    state,
    count(*) as rows,
    min(quarantine_id) as first_id
from fordway.quarantine
where run_id = %(run_id)s
and pass = 'move'
group by 1, 2, 3, 4, 5
order by min(table_number), 6 desc, 2
