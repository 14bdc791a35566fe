-- Purpose: canonical text of any other type: PostgreSQL's own text form, as COPY writes it. A cast
--   to text would differ for some: inet gets its netmask.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
case when {column} is not null then concat({column}) end
