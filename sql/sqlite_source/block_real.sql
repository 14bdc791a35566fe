-- A piece of a block: a value that may be a double, which SQLite itself prints with 15 digits only.
-- Place: column.
case typeof({column}) when 'real' then shortest_decimal({column}) else {column} end
