-- A piece of profile_table: what one column's values are. GLOB and instr() sort out most values
-- cheaply, the fordway_ functions (engine.stores.sqlite_profile) judge the rest from their bytes,
-- because length() and GLOB stop at a NUL (https://sqlite.org/nulinstr.html).
-- Places: column; is_json, a condition.
count(*) filter (where {column} is null),
count(*) filter (where typeof({column}) = 'integer'),
count(*) filter (where typeof({column}) = 'real'),
count(*) filter (where typeof({column}) = 'text'),
count(*) filter (where typeof({column}) = 'blob'),
min({column}) filter (where typeof({column}) = 'integer'),
max({column}) filter (where typeof({column}) = 'integer'),
coalesce(max(
  case
    when typeof({column}) = 'blob' or instr({column}, char(0)) > 0 then length(cast({column} as blob))
    when typeof({column}) = 'text' then length({column})
  end
), 0),
count(*) filter (where typeof({column}) = 'text' and cast({column} as blob) = x''),
count(*) filter (where typeof({column}) = 'integer' and {column} in (0, 1)),
count(*) filter (
  where typeof({column}) = 'text'
    and {column} glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
    and fordway_is_date(cast({column} as blob))
),
count(*) filter (
  where typeof({column}) = 'text'
    and {column} glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][ T][0-9][0-9]:[0-9][0-9]*'
    and fordway_is_time(cast({column} as blob))
),
count(*) filter (
  where typeof({column}) = 'text'
    and {column} glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][ T][0-9][0-9]:[0-9][0-9]*[-+Z]*'
    and fordway_is_time(cast({column} as blob))
),
count(*) filter (
  where typeof({column}) = 'text'
    and {column} glob '[0-9][0-9]:[0-9][0-9]*'
    and fordway_is_clock(cast({column} as blob))
),
count(*) filter (where typeof({column}) = 'text' and {is_json}),
count(*) filter (
  where typeof({column}) = 'text'
    and {column} glob '*[0-9]*'
    and {column} not glob '*[^-+.0-9eE]*'
    and fordway_is_number(cast({column} as blob))
),
count(*) filter (
  where typeof({column}) = 'text'
    and length({column}) = 36
    and {column} glob '????????-????-????-????-????????????'
    and fordway_is_uuid(cast({column} as blob))
),
count(*) filter (where typeof({column}) = 'text' and instr({column}, char(0)) > 0),
count(*) filter (
  where typeof({column}) = 'text'
    and ({column} glob fordway_beyond_ascii() or instr({column}, char(0)) > 0)
    and fordway_is_not_utf8(cast({column} as blob))
),
count(*) filter (where typeof({column}) = 'real' and {column} in (9e999, -9e999))
