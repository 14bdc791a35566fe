-- Purpose: a scratch column draws from a scratch sequence.
-- Parameters: {table}, {column} identifiers, {sequence} literal. Returns: nothing. Locks: the scratch table. Version: 14 or later.
alter table {table}
alter column {column} set default nextval({sequence}::regclass)
