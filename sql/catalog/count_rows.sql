-- Counts a table's rows; n_live_tup is an estimate and no count.
-- Identifiers: relation (with ONLY for ordinary tables, whose children are tables of their own).
-- Parameters: none.
-- Rows: one, the count.
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14.
select count(*)
from {relation}
