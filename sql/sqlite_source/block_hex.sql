-- A piece of a block: binary data as bytea reads it, its backslash escaped; hex() of NULL would be an
-- empty text, not NULL. Place: column.
case when {column} is not null then '\\x' || hex({column}) end
