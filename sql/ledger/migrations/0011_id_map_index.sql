-- Purpose: the index for new ids begins with the id, so that nothing but a look for an id goes by it: by statistics that
--   know no rows of a new run yet, a look for a legacy key took it and read through all of the run's map.
-- Parameters: none. Returns: nothing. Locks: fordway.id_map, exclusively while the index is made. Version: 14 or later.
-- Run once, inside a transaction that holds the migration lock (engine.stores.ledger).
drop index if exists fordway.id_map_new;
create index id_map_new on fordway.id_map (target_key, target_table, run_id);
