-- A piece of a key comparison: text that is no UTF-8, bound as its bytes. The plus takes away the
-- cast's affinity, so that it compares as a plain parameter does (https://sqlite.org/datatype3.html, section 3.2).
+cast(? as text)
