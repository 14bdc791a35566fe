-- Purpose: remembers legacy key and id of every row that is in the target now, merged or written.
-- Parameters: {map} identifier, {key} text expression; run_id, source_name, source_table, target_table text.
-- Returns: nothing. Locks: the new rows. Version: 14 or later.
insert into {map} (run_id, source_name, source_table, legacy_key, target_table, target_key)
select
    %(run_id)s,
    %(source_name)s,
    %(source_table)s,
    legacy,
    %(target_table)s,
    {key}
from pg_temp.fordway_stage
where reason is null
on conflict do nothing
