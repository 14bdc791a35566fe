-- Purpose: a sequence for a scratch table, so that a rehearsal draws no real number.
-- Parameters: {sequence} identifier. Returns: nothing. Locks: the new sequence. Version: 14 or later.
create sequence {sequence}
