-- Purpose: a whole number in whatever spelling: with blanks around it, as 12.0 or 1e3. NULL where it is none.
-- Parameters: none; fault.raw. Returns: a fragment. Locks: none. Version: 14 or later.
case
    when btrim(fault.raw, e' \t\r\n') ~ '^[+-]?([0-9]{{1,200}}(\.[0-9]{{0,200}})?|\.[0-9]{{1,200}})([eE][+-]?[0-9]{{1,3}})?$'
    then case
        when trunc(btrim(fault.raw, e' \t\r\n')::numeric) = btrim(fault.raw, e' \t\r\n')::numeric
        then trunc(btrim(fault.raw, e' \t\r\n')::numeric)::text
    end
end
