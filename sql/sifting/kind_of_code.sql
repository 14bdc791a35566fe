-- Purpose: what an input function's refusal means (manual, appendix A).
-- Parameters: {code} expression. Returns: a fragment, as ``Offence`` spells it. Locks: none. Version: 14 or later.
case
    when {code} = '22001' then 'too-long'
    when {code} in ('22003', '22008') then 'out-of-range'
    when {code} = '22021' then 'encoding'
    -- A text of UTF-8 holds no other character that JSON names and the server can't store.
    when {code} = '22P05' then 'nul'
    when {code} = '23502' then 'empty'
    when {code} = '23514' then 'check'
    else 'cast'
end
