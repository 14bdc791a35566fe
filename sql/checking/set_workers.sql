-- Purpose: how many processes may read for this transaction's queries.
-- Parameters: %(workers)s text. Returns: one row. Locks: none. Version: 14 or later.
select set_config('max_parallel_workers_per_gather', %(workers)s, true)
