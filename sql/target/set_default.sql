-- Purpose: a column's default, tried alone.
-- Parameters: {table}, {column} identifiers, {default} expression. Returns: nothing. Locks: the table, exclusively. Version: 14 or later.
alter table {table}
alter column {column} set default {default}
