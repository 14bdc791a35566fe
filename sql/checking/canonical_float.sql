-- Purpose: canonical text of a float: its eight bytes, IEEE 754, big-endian, in hex.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
encode(float8send({column}::double precision), 'hex')
