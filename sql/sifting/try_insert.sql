-- Purpose: rows into the real table, as the batch would write them.
-- Parameters: {table}, {columns} identifiers, {place} identifier, {within} condition. Returns: nothing.
-- Locks: ROW EXCLUSIVE. Version: 14 or later.
insert into {table} ({columns})
overriding system value
select {columns}
from pg_temp.fordway_trial as trial
where {within}
order by {place}
