-- Purpose: of some rows, those this run has set aside.
-- Parameters: run_id, pass text; table_number integer; keys text[], chunk keys as JSON.
-- Returns: place bigint, from 1, among the keys. Locks: none. Version: 14 or later.
select distinct asked.place
from unnest(%(keys)s::text[]) with ordinality as asked (key, place)
join fordway.quarantine as aside
    on aside.source_key = asked.key::jsonb
where aside.run_id = %(run_id)s
and aside.pass = %(pass)s
and aside.table_number = %(table_number)s
and aside.state = 'open'
