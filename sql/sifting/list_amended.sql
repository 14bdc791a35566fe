-- Purpose: the values rules changed, of rows that then fit.
-- Parameters: none. Returns: source_key, column_name, old_value, new_value text, remedy integer; in source order.
-- Locks: none. Version: 14 or later.
select
    staged.source_key,
    amended.column_name,
    amended.old_value,
    amended.new_value,
    amended.remedy
from pg_temp.fordway_amended as amended
join pg_temp.fordway_sift as staged
    on staged.ordinal = amended.ordinal
where not exists (
    select 1
    from pg_temp.fordway_offender as offender
    where offender.ordinal = amended.ordinal
)
order by amended.ordinal, amended.column_name
