-- Purpose: how far the chosen option has come, and what it really did.
-- Parameters: decision_id text; outcome jsonb. Returns: nothing. Locks: its row. Version: 14 or later.
update fordway.decision
set outcome = %(outcome)s
where decision_id = %(decision_id)s
