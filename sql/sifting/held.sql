-- Purpose: rows by the keys of an index.
-- Parameters: {rows} what they are read from, {keys} select items, {predicate} condition. Returns: a subquery.
-- Locks: none. Version: 14 or later.
select {keys}
from {rows}
where ({predicate})
