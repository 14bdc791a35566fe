-- Purpose: one key column of a row and of its image.
-- Parameters: {column} identifier, {place} number, {type} type name. Returns: a fragment. Locks: none. Version: 14 or later.
victim.{column} = (string_to_array(images.target_key, chr(31)))[{place}]::{type}
