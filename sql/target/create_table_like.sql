-- Purpose: a scratch copy of an existing table's shape, without its foreign keys.
-- Parameters: {table}, {model} identifiers. Returns: nothing. Locks: the model, shared. Version: 14 or later.
create table {table} (like {model} including all)
