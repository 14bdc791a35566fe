-- Purpose: rows come in the order they lie in: one reader, from the first block on.
-- Parameters: none. Returns: the settings. Locks: none. Version: 14 or later.
select
    set_config('synchronize_seqscans', 'off', false),
    set_config('max_parallel_workers_per_gather', '0', false),
    set_config('timezone', 'UTC', false)
