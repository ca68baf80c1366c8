# Selecting an attribute that is not there.
{ a = 1; }.zzzzzzzz
