-- Purpose: whether rows were tried before in this transaction.
-- Parameters: none. Returns: there boolean. Locks: none. Version: 14 or later.
select to_regclass('pg_temp.fordway_refusal') is not null as there
