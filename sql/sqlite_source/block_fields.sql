-- A piece of a block: some fields of a row as one text. A mark stands for the format. Place: fields, each with a
-- comma in front.
printf(?{fields})
