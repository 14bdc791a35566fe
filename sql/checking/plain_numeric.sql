-- Purpose: plain text of a decimal: digits without trailing zeros.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
trim_scale({column})::text
