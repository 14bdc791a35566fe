-- Purpose: faults of values a rule has mended are none any more.
-- Parameters: {column}, {kind}, {place}, {remedy} literals. Returns: nothing. Locks: none. Version: 14 or later.
delete from pg_temp.fordway_fault as fault
using pg_temp.fordway_amended as amended
where amended.ordinal = fault.ordinal
and amended.column_name = {column}
and amended.remedy = {remedy}
and fault.kind = {kind}
and fault.place = {place}
