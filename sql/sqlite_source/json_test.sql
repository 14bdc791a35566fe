-- A piece of read_values: whether the value is JSON; SQLite's own reader knows. Place: column.
json_valid({column})
