-- Purpose: new ids for legacy keys, as text. One look into the map's own index a row, as when the batch is written.
-- Parameters: {column}, {wanted}, {map} identifiers, {run_id}, {source_name}, {source_table} literals, {live} condition.
-- Returns: nothing. Locks: none. Version: 14 or later.
update pg_temp.fordway_sift as staged
set {column} = (
    select map.target_key
    from {map} as map
    where map.run_id = {run_id}
    and map.source_name = {source_name}
    and map.source_table = {source_table}
    and map.legacy_key = staged.{wanted}
)
where staged.{wanted} is not null
and {live}
