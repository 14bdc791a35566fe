-- Purpose: a number in whatever spelling; the column's type rounds it. NULL where it is none.
-- Parameters: none; fault.raw. Returns: a fragment. Locks: none. Version: 14 or later.
case
    when btrim(fault.raw, e' \t\r\n') ~ '^[+-]?([0-9]{{1,200}}(\.[0-9]{{0,200}})?|\.[0-9]{{1,200}})([eE][+-]?[0-9]{{1,3}})?$'
    then btrim(fault.raw, e' \t\r\n')
end
