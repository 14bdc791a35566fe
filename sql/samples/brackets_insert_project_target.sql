-- Adds the projects that are not there already to the new system.
-- Parameters: none.
-- Rows: none.
-- Locks: row exclusive on projects.
-- Minimum version: PostgreSQL 14.
insert into projects (id, name, clinic, opened_on)
select id, name, clinic, opened_on
from new_project
on conflict (id) do nothing
