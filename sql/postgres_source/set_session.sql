-- Fixes how PostgreSQL writes values as text, so that the same value always reads the same,
-- and lets the snapshot live as long as the session needs it.
-- Parameters: none.
-- Rows: one, the settings.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
select
  set_config('datestyle', 'ISO, YMD', false),
  set_config('intervalstyle', 'postgres', false),
  set_config('timezone', 'UTC', false),
  set_config('bytea_output', 'hex', false),
  set_config('extra_float_digits', '1', false),
  set_config('lc_monetary', 'C', false),
  set_config('xmloption', 'content', false),
  set_config('search_path', 'pg_catalog', false),
  set_config('statement_timeout', '0', false),
  set_config('idle_in_transaction_session_timeout', '0', false)
