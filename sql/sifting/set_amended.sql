-- Purpose: the batch has the values a rule gave.
-- Parameters: {assignments}, {column}, {remedy} literals. Returns: nothing. Locks: none. Version: 14 or later.
update pg_temp.fordway_sift as staged
set {assignments}
from pg_temp.fordway_amended as amended
where amended.ordinal = staged.ordinal
and amended.column_name = {column}
and amended.remedy = {remedy}
