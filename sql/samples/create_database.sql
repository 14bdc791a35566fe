-- Purpose: a database of the sample's own; can't run inside a transaction.
-- Parameters: {database} identifier. Returns: nothing. Locks: the template database, briefly. Version: 14 or later.
create database {database}
