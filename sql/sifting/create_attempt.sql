-- Purpose: tries rows in stretches that halve where one of them fails and grow where none does, all on the server.
-- Parameters: {attempt} identifier, {body} literal. Returns: nothing. Locks: the new function. Version: 14 or later.
create or replace function {attempt}(fordway_most bigint) returns void
language plpgsql as {body}
