-- A piece of a block: a text with COPY's escapes for backslash, tab, line feed and carriage return. Only texts
-- are touched: replace() would make a text of fifteen digits of a real. Place: column.
case typeof({column})
  when 'text' then
    replace(replace(replace(replace({column}, '\', '\\'), char(9), '\t'), char(10), '\n'), char(13), '\r')
  else shortest_decimal({column})
end
