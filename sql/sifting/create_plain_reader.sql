-- Purpose: reads a text as a type, and raises where it is none.
-- Parameters: {reader} identifier, {body} literal. Returns: nothing. Locks: the new function. Version: 14 or later.
create or replace function {reader}(given text) returns boolean
language plpgsql as {body}
