-- Purpose: new ids of rows that were brought in are forgotten with them; both were written by the same transactions.
-- Parameters: run_id, target_table text; xids bigint[]. Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.id_map
where run_id = %(run_id)s
and target_table = %(target_table)s
and xmin::text::bigint = any(%(xids)s::bigint[])
