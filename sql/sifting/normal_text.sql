-- Purpose: a mended value as the column would print it; anything that does not fit is not read.
-- Parameters: {fits} condition, {type} type name. Returns: a fragment over given.value. Locks: none. Version: 14 or later.
case
    when {fits} then given.value::{type}::text
end
