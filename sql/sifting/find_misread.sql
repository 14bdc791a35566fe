-- Purpose: values that are none of their column's type, as COPY would find them.
-- Parameters: {column} identifier, {type}, {step}, {rank}, {place} literals, {kind} expression. Returns: nothing.
-- Locks: none. Version: 16 or later.
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, raw, note, sqlstate)
select
    staged.ordinal,
    {step},
    {rank},
    {kind},
    {place},
    staged.{column},
    told.message,
    told.sql_error_code
from pg_temp.fordway_sift as staged
cross join lateral pg_input_error_info(staged.{column}, {type}) as told
where staged.{column} is not null
and not pg_input_is_valid(staged.{column}, {type})
