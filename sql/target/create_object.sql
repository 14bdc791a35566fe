-- Purpose: a type, domain, sequence or view.
-- Parameters: {kind} keywords, {name} identifier, {definition} what follows the name. Returns: nothing.
-- Locks: the new object. Version: 14 or later.
create {kind} {name} {definition}
