-- Purpose: one end of a link back to its legacy key.
-- Parameters: {map}, {column} identifiers, {source_table}, {target_table} literals; run_id, source_name text.
-- Returns: a fragment. Locks: none. Version: 14 or later.
left join fordway.id_map as {map}
    on {map}.run_id = %(run_id)s
    and {map}.source_name = %(source_name)s
    and {map}.source_table = {source_table}
    and {map}.target_table = {target_table}
    and {map}.target_key = edge.{column}::text
