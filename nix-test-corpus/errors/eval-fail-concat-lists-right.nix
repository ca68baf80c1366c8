# ++ wants lists.
[ 1 ] ++ { }
