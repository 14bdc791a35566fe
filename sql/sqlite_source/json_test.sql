-- A piece of profile_column: the text is JSON, and jsonb can hold it (\u0000 it can't). Place: column.
json_valid({column}) and instr({column}, '\u0000') = 0
