-- Purpose: a table's new ids are forgotten with its rows.
-- Parameters: run_id, source_name, source_table, target_table text. Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.id_map
where run_id = %(run_id)s
and source_name = %(source_name)s
and source_table = %(source_table)s
and target_table = %(target_table)s
