-- Purpose: the same reading without a net, which is several times as fast: most columns have nothing wrong.
-- Parameters: {type} type name. Returns: a function's body. Locks: none. Version: 14 or later.
declare
    held {type};
begin
    held := given;
    return true;
end
