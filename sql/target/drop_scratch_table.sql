-- Purpose: removes one table of a scratch schema, with the foreign keys and views that hang on it there.
-- Parameters: {table} identifier. Returns: nothing. Locks: the table and those that refer to it, exclusively. Version: 14 or later.
drop table if exists {table} cascade
