-- Purpose: values as the target's column would hold them, in canonical text.
-- Parameters: {canonical} expression over {column}, {column} identifier, {type} type name; given text[].
-- Returns: canonical text (null for NULL), in the order given. Locks: none. Version: 14 or later.
select {canonical} as canonical
from (
    select
        item.value::{type} as {column},
        item.place
    from unnest(%(given)s::text[]) with ordinality as item (value, place)
) as held
order by place
