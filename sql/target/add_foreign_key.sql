-- Purpose: a foreign key that binds new rows at once; old rows are checked by validate_constraint.
-- Parameters: {table}, {name}, {columns}, {parent}, {parent_columns} identifiers, {match}, {on_delete}, {on_update}, {timing}, {validity} keywords.
-- Returns: nothing. Locks: SHARE ROW EXCLUSIVE on both tables, briefly. Version: 14 or later.
alter table {table}
add constraint {name} foreign key ({columns})
references {parent} ({parent_columns}) {match}
on delete {on_delete}
on update {on_update} {timing}
{validity}
