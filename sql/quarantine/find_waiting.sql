-- Purpose: rows set aside because the row with one of these keys is not there, so many at a time, in the order of their numbers.
-- Parameters: run_id, target_table text; places, values text[]; after_id bigint; most integer. Returns: quarantine_id.
-- Locks: none. Version: 14 or later. Values are found by their digests, for they may be of any length: the index
--   quarantine_sought gives each value's rows in order.
select found.quarantine_id
from unnest(%(values)s::text[]) as sought (value)
cross join lateral (
    select held.quarantine_id
    from fordway.quarantine as held
    where held.run_id = %(run_id)s
    and held.pass = 'move'
    and held.state = 'open'
    and held.target_table = %(target_table)s
    and md5(held.value) = md5(sought.value)
    and held.value = sought.value
    and coalesce(nullif(held.place, ''), held.column_name) = any(%(places)s::text[])
    and held.quarantine_id > %(after_id)s
    order by held.quarantine_id
    limit %(most)s
) as found
order by found.quarantine_id
limit %(most)s
