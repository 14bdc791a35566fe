-- Purpose: asks the runner for something.
-- Parameters: run_id, request, who text. Returns: request_id. Locks: the new row. Version: 14 or later.
insert into fordway.control (run_id, request, requested_by)
values (%(run_id)s, %(request)s, %(who)s)
returning request_id
