-- Purpose: canonical text of any other type: PostgreSQL's own text form, as COPY writes it. A cast
--   to text would differ for some: inet gets its netmask.
--   A composite value with an empty field is no NULL, whatever IS NULL says of it (manual, 9.2).
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
case when {column} is distinct from null then concat({column}) end
