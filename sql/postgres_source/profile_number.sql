-- A piece of profile_table for an integer column. Place: column, of alias t.
count(*) filter (where {column} is null),
min({column})::bigint,
max({column})::bigint,
0,
count(*) filter (where {column} in (0, 1))
