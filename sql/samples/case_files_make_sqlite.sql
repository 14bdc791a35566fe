-- Makes the legacy system's four tables; a script for executescript().
-- Parameters: none.
-- Rows: none.
-- Locks: EXCLUSIVE on the file while it commits.
-- Minimum version: SQLite 3.37.
create table if not exists dispatch_office (
  id integer primary key autoincrement,
  name varchar(120) not null,
  city varchar(80) not null,
  opened_on date not null
);
create table if not exists dispatch_case (
  id integer primary key autoincrement,
  number varchar(20) not null unique,
  title varchar(120) not null,
  office_id integer not null references dispatch_office (id),
  patient varchar(12) not null,
  status varchar(20) not null,
  opened_on date not null,
  closed_on date
);
create table if not exists dispatch_file (
  id integer primary key autoincrement,
  name varchar(120) not null,
  mime varchar(60) not null,
  bytes integer not null,
  sha256 varchar(64) not null unique,
  stored_at timestamp not null
);
create table if not exists dispatch_case_file (
  case_id integer not null references dispatch_case (id),
  file_id integer not null references dispatch_file (id),
  role varchar(20) not null,
  position integer not null,
  linked_at timestamp not null,
  primary key (case_id, file_id)
);
create index if not exists dispatch_case_office_id on dispatch_case (office_id);
create index if not exists dispatch_case_file_file_id on dispatch_case_file (file_id);
