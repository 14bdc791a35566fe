-- A piece of a block: binary data as bytea reads it, its backslash escaped. Place: column.
'\\x' || hex({column})
