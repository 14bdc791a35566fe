-- Purpose: what every row of a copy is before the rehearsal.
-- Parameters: {kept}, {table} identifiers, {columns} identifiers. Returns: nothing. Locks: the new table. Version: 14 or later.
create table {kept} as
select md5(row({columns})::text)::uuid as digest
from {table} as standing
