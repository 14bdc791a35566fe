-- Purpose: tells why a text is no value of a type; null when it is one.
-- Parameters: {reader} identifier, {body} literal. Returns: nothing. Locks: the new function. Version: 14 or later.
create or replace function {reader}(given text) returns text[]
language plpgsql as {body}
