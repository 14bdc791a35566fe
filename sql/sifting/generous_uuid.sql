-- Purpose: a UUID in braces, in upper case, with blanks around it.
-- Parameters: none; fault.raw. Returns: a fragment. Locks: none. Version: 14 or later.
lower(btrim(fault.raw, e' \t\r\n{{}}'))
