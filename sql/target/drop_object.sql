-- Purpose: a type, domain, sequence or view is gone; refused while something depends on it.
-- Parameters: {kind} keywords, {name} identifier. Returns: nothing. Locks: the object. Version: 14 or later.
drop {kind} if exists {name}
