-- Makes the legacy system's two tables; a script for executescript().
-- Parameters: none.
-- Rows: none.
-- Locks: EXCLUSIVE on the file while it commits.
-- Minimum version: SQLite 3.37.
create table if not exists dispatch_project (
  id integer primary key autoincrement,
  name varchar(120) not null,
  clinic varchar(120) not null,
  opened_on date not null
);
create table if not exists dispatch_bracket (
  id integer primary key autoincrement,
  name varchar(120) not null,
  type varchar(20) not null,
  project_id integer not null references dispatch_project (id),
  tooth integer not null,
  prescription varchar(20) not null,
  slot varchar(8) not null,
  torque integer,
  tip integer,
  hooks integer not null default 0,
  material varchar(30) not null,
  catalogue_no varchar(20) not null unique,
  remark text
);
create index if not exists dispatch_bracket_project_id on dispatch_bracket (project_id);
