-- Purpose: plain text of any other type, as COPY writes it: a cast to text would differ for some, inet gets its netmask.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
case when {column} is not null then concat({column}) end
