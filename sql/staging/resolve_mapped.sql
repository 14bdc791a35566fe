-- Purpose: new ids for legacy keys. One look into the map's own index a row: a join would rest on statistics
--   of a map that has just been filled.
-- Parameters: {column}, {wanted}, {map} identifiers, {type} type name; run_id, source_name, source_table text.
-- Returns: nothing. Locks: none. Version: 14 or later.
update pg_temp.fordway_stage as staged
set {column} = (
    select map.target_key::{type}
    from {map} as map
    where map.run_id = %(run_id)s
    and map.source_name = %(source_name)s
    and map.source_table = %(source_table)s
    and map.legacy_key = staged.{wanted}
)
where staged.{wanted} is not null
and staged.reason is null
