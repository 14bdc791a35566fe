-- Purpose: of the rows that are tried one after another, those tried now.
-- Parameters: {ordinal} expression. Returns: a condition inside a trying function. Locks: none. Version: 14 or later.
{ordinal} between fordway_low and fordway_high
