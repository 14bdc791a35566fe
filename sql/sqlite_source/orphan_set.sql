-- A piece of count_orphans: the child's column is set. Place: column.
c.{column} is not null
