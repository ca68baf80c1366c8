# An element that is no list.
builtins.concatLists [ [ 1 ] 2 ]
