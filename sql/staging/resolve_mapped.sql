-- Purpose: new ids for legacy keys; a key the id map does not know gets its row set aside.
-- Parameters: {column}, {wanted}, {map} identifiers, {type} type name; run_id, source_name, source_table, place,
--   reason text. Returns: nothing. Locks: none. Version: 14 or later.
update pg_temp.fordway_stage as staged
set
    {column} = map.target_key::{type},
    place = case when map.target_key is null then %(place)s end,
    shown = case when map.target_key is null then asked.{wanted} end,
    reason = case when map.target_key is null then %(reason)s || asked.{wanted} end
from pg_temp.fordway_stage as asked
left join {map} as map
    on map.run_id = %(run_id)s
    and map.source_name = %(source_name)s
    and map.source_table = %(source_table)s
    and map.legacy_key = asked.{wanted}
where asked.ordinal = staged.ordinal
and asked.{wanted} is not null
and staged.reason is null
