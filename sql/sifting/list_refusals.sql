-- Purpose: what rows were refused for when they were tried.
-- Parameters: none. Returns: code, constraint_name, column_name, trigger_name text, rows bigint. Locks: none.
--   Version: 14 or later.
select
    code,
    constraint_name,
    column_name,
    trigger_name,
    count(*) as rows
from pg_temp.fordway_refusal
group by code, constraint_name, column_name, trigger_name
order by code, constraint_name, column_name, trigger_name
