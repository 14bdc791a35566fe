-- Purpose: the links a junction table holds, each end by the legacy keys of its new id.
-- Parameters: {table} identifier, {legacies} select items, {joins} joins of the id map; run_id, source_name text;
--   xids bigint[]. Returns: row_id text, is_ours boolean, one text an end. Locks: none. Version: 14 or later.
select
    edge.ctid::text as row_id,
    edge.xmin::text::bigint = any(%(xids)s::bigint[]) as is_ours,
    {legacies}
from {table} as edge
{joins}
