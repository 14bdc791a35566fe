-- A piece of profile_table for a column that is no integer. Place: column, of alias t.
count(*) filter (where {column} is not distinct from null),
null::bigint,
null::bigint,
coalesce(max(length({column}::text)), 0),
count(*) filter (where {column}::text = '')
