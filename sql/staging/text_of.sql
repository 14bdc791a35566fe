-- Purpose: a target column's value as text PostgreSQL reads back.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
victim.{column}::text
