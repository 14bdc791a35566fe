-- Adds one case, unless it is there already.
-- Parameters: 1 id, 2 number, 3 title, 4 office_id, 5 patient, 6 status, 7 opened_on (ISO date),
--             8 closed_on (ISO date or null).
-- Rows: none.
-- Locks: RESERVED on the file.
-- Minimum version: SQLite 3.24.
insert into dispatch_case (id, number, title, office_id, patient, status, opened_on, closed_on)
values (?, ?, ?, ?, ?, ?, ?, ?)
on conflict (id) do nothing
