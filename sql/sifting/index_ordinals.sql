-- Purpose: a stretch of rows is found without a look at all of them.
-- Parameters: {table}, {ordinal} identifiers. Returns: nothing. Locks: none. Version: 14 or later.
create index on {table} ({ordinal})
