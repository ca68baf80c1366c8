# with wants a set, once a name is looked up in it.
with 5; anything
