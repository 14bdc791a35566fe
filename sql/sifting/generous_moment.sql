-- Purpose: a date with or without a time, year first and no zone, which PostgreSQL would leave out without a word.
--   The column's type rounds it. NULL where it is none.
-- Parameters: none; fault.raw. Returns: a fragment. Locks: none. Version: 14 or later.
case
    when btrim(fault.raw, e' \t\r\n') ~ '^[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}([T ]+[0-9]{{1,2}}(:[0-9]{{1,2}}){{1,2}}([.,][0-9]*)?)?$'
    then replace(replace(btrim(fault.raw, e' \t\r\n'), '/', '-'), ',', '.')
end
