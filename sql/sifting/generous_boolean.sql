-- Purpose: a word of truth in whatever case, with blanks around it. NULL where it is none.
-- Parameters: none; fault.raw. Returns: a fragment. Locks: none. Version: 14 or later.
case
    when lower(btrim(fault.raw, e' \t\r\n')) in ('1', '1.0', 't', 'true', 'y', 'yes', 'on') then 'true'
    when lower(btrim(fault.raw, e' \t\r\n')) in ('0', '0.0', 'f', 'false', 'n', 'no', 'off') then 'false'
end
