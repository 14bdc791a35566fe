-- Takes the cases in.
-- Rows in: id, number, title, office_id, patient, status, opened_on, closed_on.
-- Locks: none, the table is the session's own.
-- Minimum version: PostgreSQL 14.
copy new_case (id, number, title, office_id, patient, status, opened_on, closed_on)
from stdin
