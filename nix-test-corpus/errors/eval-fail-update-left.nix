# // wants sets.
5 // { }
