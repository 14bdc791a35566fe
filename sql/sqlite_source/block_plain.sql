-- A piece of a block: the value as it is. Place: column.
{column}
