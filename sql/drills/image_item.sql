-- Purpose: one column of a row's image.
-- Parameters: {name} literal, {type} type name. Returns: a fragment. Locks: none. Version: 14 or later.
(images.before ->> {name})::{type}
