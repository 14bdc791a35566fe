-- A piece of a block: a double for a column of doubles. Millionths, where these are it: a whole number that a
-- double holds, divided by a power of ten that a double holds, is the double next to the decimal (IEEE 754, 4.3),
-- which is what the target reads the decimal as. Zero has a sign that this would lose. Place: column.
case
  when {column} between -4e9 and 4e9
    and {column} <> 0
    and cast(round({column} * 1e6) as integer) / 1e6 = {column}
  then cast(round({column} * 1e6) as integer) || 'e-6'
  else shortest_decimal({column})
end
