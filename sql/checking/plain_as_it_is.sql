-- Purpose: plain text of a column: PostgreSQL's own text form.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
{column}::text
