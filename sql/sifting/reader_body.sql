-- Purpose: an assignment reads a text as COPY does: with the type's limits, and with the checks of its domains.
--   Faults of the server are no faults of the value.
-- Parameters: {type} type name. Returns: a function's body. Locks: none. Version: 14 or later.
declare
    held {type};
begin
    held := given;
    return null;
exception
    when others then
        if left(sqlstate, 2) in ('08', '40', '53', '55', '57', '58') then
            raise;
        end if;
        return array[sqlstate, sqlerrm];
end
