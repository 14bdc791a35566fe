-- Purpose: rows of the real table take the values of the batch's rows that win.
-- Parameters: {table} identifier, {assignments}, {matches}, {within} conditions. Returns: nothing. Locks: the rows.
-- Version: 14 or later.
update {table} as victim
set {assignments}
from pg_temp.fordway_trial as trial
where {matches}
and {within}
