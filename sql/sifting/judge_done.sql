-- Purpose: a stretch some of whose rows did not arrive has failed.
-- Parameters: none. Returns: a part of a function's body. Locks: none. Version: 14 or later.
get diagnostics fordway_done = row_count;
if fordway_done < fordway_high - fordway_low + 1 then
    raise exception 'held back' using errcode = 'FW000';
end if;
