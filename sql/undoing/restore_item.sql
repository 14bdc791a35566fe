-- Purpose: one column back from a row's image; a column made since stays as it is.
-- Parameters: {column} identifier, {name} literal, {type} type name. Returns: a fragment. Locks: none. Version: 14 or later.
{column} = case when jsonb_exists(images.before, {name}) then (images.before ->> {name})::{type} else victim.{column} end
