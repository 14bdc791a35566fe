-- Purpose: the undo knows types, sequences and views too.
-- Parameters: none. Returns: nothing. Locks: fordway.undo_action, exclusively and briefly. Version: 14 or later.
alter table fordway.undo_action drop constraint undo_action_kind_check;
alter table fordway.undo_action add constraint undo_action_kind_check
    check (kind in ('create_schema', 'create_table', 'create_object', 'set_sequence'));
