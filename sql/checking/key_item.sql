-- Purpose: one part of a recorded key as a column of its own.
-- Parameters: {place} number, {type} type name, {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
(string_to_array(merged.target_key, chr(31)))[{place}]::{type} as {column}
