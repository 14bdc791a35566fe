-- Purpose: adds one line to the audit log.
-- Parameters: run_id, who, did text; detail jsonb. Returns: nothing. Locks: the new row. Version: 14 or later.
insert into fordway.audit_log (run_id, who, did, detail)
values (%(run_id)s, %(who)s, %(did)s, %(detail)s)
