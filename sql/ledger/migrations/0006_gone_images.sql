-- Purpose: the undo tells overwritten rows somebody deleted from those somebody changed.
-- Parameters: none. Returns: nothing. Locks: fordway.merged_row, exclusively and briefly. Version: 14 or later.
alter table fordway.merged_row drop constraint merged_row_undone_check;
alter table fordway.merged_row add constraint merged_row_undone_check
    check (undone in ('restored', 'kept', 'gone'));
