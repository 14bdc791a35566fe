-- Purpose: a time of day, blanks around it. The column's type rounds it. NULL where it is none.
-- Parameters: none; fault.raw. Returns: a fragment. Locks: none. Version: 14 or later.
case
    when btrim(fault.raw, e' \t\r\n') ~ '^[0-9]{{1,2}}(:[0-9]{{1,2}}){{1,2}}([.,][0-9]*)?$'
    then replace(btrim(fault.raw, e' \t\r\n'), ',', '.')
end
