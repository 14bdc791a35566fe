-- Purpose: tries the rows from the first to the last.
-- Parameters: {attempt} identifier, {most} literal. Returns: nothing. Locks: the statement's. Version: 14 or later.
select {attempt}({most})
