-- Purpose: the day of a date or of a moment, year first; blanks around it, days and months without their zero.
--   Other orders can be read in two ways, and are not. NULL where it is none.
-- Parameters: none; fault.raw. Returns: a fragment. Locks: none. Version: 14 or later.
case
    when btrim(fault.raw, e' \t\r\n') ~ '^[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}([T ].*)?$'
    then substring(btrim(fault.raw, e' \t\r\n') from '^[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}')
    when btrim(fault.raw, e' \t\r\n') ~ '^[0-9]{{4}}/[0-9]{{1,2}}/[0-9]{{1,2}}([T ].*)?$'
    then replace(substring(btrim(fault.raw, e' \t\r\n') from '^[0-9]{{4}}/[0-9]{{1,2}}/[0-9]{{1,2}}'), '/', '-')
end
