-- Purpose: a rehearsal's copy of a table holds what the table holds, where that decides what becomes of rows.
-- Parameters: {table}, {model} identifiers, {columns} identifiers. Returns: nothing. Locks: the model, shared. Version: 14 or later.
insert into {table} ({columns})
overriding system value
select {columns}
from {model}
