-- Adds one bracket, unless it is there already.
-- Parameters: 1 id, 2 name, 3 type, 4 project_id, 5 tooth, 6 prescription, 7 slot, 8 torque, 9 tip, 10 hooks,
--             11 material, 12 catalogue_no, 13 remark.
-- Rows: none.
-- Locks: RESERVED on the file.
-- Minimum version: SQLite 3.24.
insert into dispatch_bracket (
  id, name, type, project_id, tooth, prescription, slot, torque, tip, hooks, material, catalogue_no, remark
)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (id) do nothing
