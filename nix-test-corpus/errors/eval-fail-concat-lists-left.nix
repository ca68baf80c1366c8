# A string is no list.
"a" ++ [ "b" ]
