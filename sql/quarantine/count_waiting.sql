-- Purpose: how many rows were set aside because the row with one of these keys is not there.
-- Parameters: run_id, target_table text; places, values text[], each value once. Returns: value text, rows bigint, where there
--   are any. Locks: none. Version: 14 or later. Values are found by their digests, for they may be of any length (index
--   quarantine_sought).
select
    sought.value,
    counted.rows
from unnest(%(values)s::text[]) as sought (value)
cross join lateral (
    select count(*) as rows
    from fordway.quarantine as held
    where held.run_id = %(run_id)s
    and held.pass = 'move'
    and held.state = 'open'
    and held.target_table = %(target_table)s
    and md5(held.value) = md5(sought.value)
    and held.value = sought.value
    and coalesce(nullif(held.place, ''), held.column_name) = any(%(places)s::text[])
) as counted
where counted.rows > 0
