# The set of a with fails when a name is looked up.
with throw "no set here"; anything
