-- Purpose: rows whose required column came out empty are set aside.
-- Parameters: {column} identifier; place, reason text. Returns: nothing. Locks: none. Version: 14 or later.
update pg_temp.fordway_stage
set
    place = %(place)s,
    reason = %(reason)s
where {column} is null
and reason is null
