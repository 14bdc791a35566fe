-- Purpose: canonical texts of one row, found by its primary key.
-- Parameters: {columns} canonical expressions, {table} identifier, {conditions} key comparisons.
-- Returns: one text a column. Locks: none. Version: 14 or later.
select {columns}
from {table}
where {conditions}
