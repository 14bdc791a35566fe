-- Purpose: ids more than one source row gives, and some of them.
-- Parameters: {key} identifiers, {shown} text expression; most integer. Returns: ids bigint, examples text[]. Locks: none. Version: 14 or later.
select
    count(*) as ids,
    coalesce((array_agg(shown order by place))[1:%(most)s], '{{}}') as examples
from (
    select
        {shown} as shown,
        row_number() over (order by {key}) as place
    from pg_temp.fordway_keys as held
    group by {key}
    having count(*) > 1
) as twice
