-- Purpose: a value without the blanks around it, where there are any.
-- Parameters: none; fault.raw. Returns: a fragment. Locks: none. Version: 14 or later.
nullif(btrim(fault.raw, e' \t\r\n'), fault.raw)
