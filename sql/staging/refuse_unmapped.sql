-- Purpose: rows whose legacy key the id map does not know are set aside.
-- Parameters: {column}, {wanted} identifiers; place, reason text. Returns: nothing. Locks: none. Version: 14 or later.
update pg_temp.fordway_stage
set
    place = %(place)s,
    shown = {wanted},
    reason = %(reason)s || {wanted}
where {wanted} is not null
and {column} is null
and reason is null
