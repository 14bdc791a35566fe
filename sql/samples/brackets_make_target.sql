-- Makes the new system's two tables as they are before the migration, unless they are there.
-- Parameters: none; the schema is the first of the search path.
-- Rows: none.
-- Locks: share row exclusive on projects while the foreign key is made.
-- Minimum version: PostgreSQL 14.
create table if not exists projects (
  id bigint primary key,
  name text not null,
  clinic text not null,
  opened_on date not null
);
create table if not exists brackets (
  id uuid primary key,
  legacy_id bigint unique,
  name text not null,
  type text,
  project_id bigint references projects (id),
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index if not exists brackets_project_id on brackets (project_id)
