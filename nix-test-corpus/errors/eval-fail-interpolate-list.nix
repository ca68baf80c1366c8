# Nor are lists.
"list: ${[ "a" "b" ]}"
