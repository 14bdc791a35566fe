-- Purpose: how many blocks a table's file has.
-- Parameters: relation text (quoted, qualified). Returns: one bigint. Locks: none. Version: 14 or later.
select pg_relation_size(%(relation)s::regclass) / current_setting('block_size')::bigint as blocks
