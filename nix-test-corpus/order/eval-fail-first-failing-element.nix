# In lists it is the first element that fails.
[ 1 (throw "second fails") (throw "third fails") ]
