-- Purpose: one column inside a row's canonical text: its length and itself, or a dash for NULL.
-- Parameters: {value} canonical expression. Returns: a fragment. Locks: none. Version: 14 or later.
coalesce(octet_length({value})::text || ':' || ({value}), '-')
