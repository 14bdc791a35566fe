-- Purpose: ids of the sources the target table holds already, and some of them.
-- Parameters: {table} identifier, {key} identifiers, {shown} text expression; most integer.
-- Returns: ids bigint, examples text[]. Locks: none. Version: 14 or later.
select
    count(*) as ids,
    coalesce((array_agg(shown order by place))[1:%(most)s], '{{}}') as examples
from (
    select
        {shown} as shown,
        row_number() over (order by {key}) as place
    from (
        select distinct {key}
        from pg_temp.fordway_keys
    ) as held
    join {table} as target using ({key})
) as taken
