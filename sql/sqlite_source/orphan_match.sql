-- A piece of count_orphans: parent and child agree in one column. Places: parent, child.
p.{parent} = c.{child}
