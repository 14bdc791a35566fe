-- Purpose: every table's progress in one pass, counted from its chunks; those that were cut apart from those of rows
--   that decisions brought in, whose numbers stand far behind.
-- Parameters: run_id, pass text; table_number integer (null: of every table). Returns: one row a table, in load order.
-- Locks: none. Version: 14 or later.
select
    progress.table_number,
    progress.target_table,
    progress.chunks - beside.late as chunks,
    progress.chunks_committed - beside.late_committed as chunks_committed,
    beside.late,
    beside.late_committed,
    progress.rows_planned,
    progress.rows_read,
    progress.rows_written,
    progress.rows_quarantined,
    progress.rows_filtered,
    progress.rows_merged,
    progress.seconds
from fordway.table_progress as progress
cross join lateral (
    select
        count(*) as late,
        count(*) filter (where late.state = 'committed') as late_committed
    from fordway.chunk as late
    where late.run_id = progress.run_id
    and late.pass = progress.pass
    and late.table_number = progress.table_number
    and late.chunk_number > 1000000000
    and late.origin is not null
) as beside
where progress.run_id = %(run_id)s
and progress.pass = %(pass)s
and (%(table_number)s::integer is null or progress.table_number = %(table_number)s)
order by progress.table_number
