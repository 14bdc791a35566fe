-- Purpose: tries rows 1 to fordway_most; a stretch that fails is taken back and tried in halves, one that does not
--   doubles the next. Of stretches of one row the error is kept. Faults of the server are no faults of a row.
-- Parameters: {statement} over fordway_low and fordway_high, {judge} what follows it. Returns: a function's body.
-- Locks: the statement's. Version: 14 or later.
declare
    fordway_low bigint := 1;
    fordway_high bigint;
    fordway_size bigint := greatest(fordway_most, 1);
    fordway_done bigint;
    fordway_message text;
    fordway_constraint text;
    fordway_column text;
    fordway_context text;
begin
    while fordway_low <= fordway_most loop
        fordway_high := least(fordway_low + fordway_size - 1, fordway_most);
        begin
            {statement};
            {judge}
            fordway_low := fordway_high + 1;
            fordway_size := fordway_size * 2;
        exception
            when others then
                if left(sqlstate, 2) in ('08', '40', '53', '55', '57', '58') then
                    raise;
                end if;
                if fordway_high > fordway_low then
                    fordway_size := (fordway_high - fordway_low + 1) / 2;
                else
                    get stacked diagnostics
                        fordway_message = message_text,
                        fordway_constraint = constraint_name,
                        fordway_column = column_name,
                        fordway_context = pg_exception_context;
                    insert into pg_temp.fordway_refusal (place, code, message, constraint_name, column_name, context)
                    values (fordway_low, sqlstate, fordway_message, fordway_constraint, fordway_column, fordway_context);
                    fordway_low := fordway_low + 1;
                end if;
        end;
    end loop;
end
