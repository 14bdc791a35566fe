-- Adds the offices that are not there already.
-- Parameters: none.
-- Rows: none.
-- Locks: row exclusive on dispatch_office.
-- Minimum version: PostgreSQL 14.
insert into dispatch_office (id, name, city, opened_on)
select id, name, city, opened_on
from new_office
on conflict (id) do nothing
