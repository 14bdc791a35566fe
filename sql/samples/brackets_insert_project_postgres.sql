-- Adds the projects that are not there already, and lets the identity continue after them.
-- Parameters: none.
-- Rows: none.
-- Locks: row exclusive on dispatch_project.
-- Minimum version: PostgreSQL 14.
insert into dispatch_project (id, name, clinic, opened_on)
select id, name, clinic, opened_on
from new_project
on conflict (id) do nothing
