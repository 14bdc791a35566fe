-- Gives the links their foreign keys, and lets the identities continue after the highest ids.
-- NOT VALID, as in a legacy system that lost cases while its constraints were off: links to them stayed.
-- Parameters: none; the schema is the first of the search path.
-- Rows: one.
-- Locks: access exclusive on dispatch_case_file, share row exclusive on dispatch_case and dispatch_file.
-- Minimum version: PostgreSQL 14.
alter table dispatch_case_file
  drop constraint if exists dispatch_case_file_case_id_fkey,
  drop constraint if exists dispatch_case_file_file_id_fkey,
  add constraint dispatch_case_file_case_id_fkey foreign key (case_id) references dispatch_case (id) not valid,
  add constraint dispatch_case_file_file_id_fkey foreign key (file_id) references dispatch_file (id) not valid;
select
  setval(pg_get_serial_sequence('dispatch_office', 'id'), coalesce((select max(id) from dispatch_office), 1)),
  setval(pg_get_serial_sequence('dispatch_case', 'id'), coalesce((select max(id) from dispatch_case), 1)),
  setval(pg_get_serial_sequence('dispatch_file', 'id'), coalesce((select max(id) from dispatch_file), 1))
