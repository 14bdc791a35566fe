-- Purpose: the staged rows into a table in which no conflict is foreseen.
-- Parameters: {table} identifier, {columns}, {staged} identifiers. Returns: nothing. Locks: ROW EXCLUSIVE. Version: 14 or later.
insert into {table} ({columns})
overriding system value
select {staged}
from pg_temp.fordway_stage
where reason is null
order by ordinal
