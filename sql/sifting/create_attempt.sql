-- Purpose: tries rows in stretches that halve where one of them fails and grow where none does, all on the server.
--   Planned once: planning each stretch anew would take longer than trying it.
-- Parameters: {attempt} identifier, {body} literal. Returns: nothing. Locks: the new function. Version: 14 or later.
create or replace function {attempt}(fordway_most bigint) returns void
language plpgsql
set plan_cache_mode = 'force_generic_plan'
as {body}
