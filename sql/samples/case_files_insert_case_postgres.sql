-- Adds the cases that are not there already.
-- Parameters: none.
-- Rows: none.
-- Locks: row exclusive on dispatch_case.
-- Minimum version: PostgreSQL 14.
insert into dispatch_case (id, number, title, office_id, patient, status, opened_on, closed_on)
select id, number, title, office_id, patient, status, opened_on, closed_on
from new_case
on conflict (id) do nothing
