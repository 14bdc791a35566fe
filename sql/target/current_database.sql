-- Purpose: the name an operator types to confirm.
-- Parameters: none. Returns: one text. Locks: none. Version: 14 or later.
select current_database()
