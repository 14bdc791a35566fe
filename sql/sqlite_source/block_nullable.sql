-- A piece of a block: COPY's sign for NULL where there is no value. Place: value.
ifnull({value}, '\N')
