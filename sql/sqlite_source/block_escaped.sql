-- A piece of a block: a text with COPY's escapes for backslash, tab, line feed and carriage return. Place: column.
replace(replace(replace(replace({column}, '\', '\\'), char(9), '\t'), char(10), '\n'), char(13), '\r')
