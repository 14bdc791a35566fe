-- Purpose: what would be checked at the commit is checked at once.
-- Parameters: none. Returns: nothing. Locks: none. Version: 14 or later.
set constraints all immediate
