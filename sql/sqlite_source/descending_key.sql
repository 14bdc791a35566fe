-- A piece of read_last_key: one key column, backwards. Place: column.
{column} desc
