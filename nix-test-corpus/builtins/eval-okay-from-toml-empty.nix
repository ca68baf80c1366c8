# An empty document is an empty set.
[ (fromTOML "") (fromTOML "# only a comment\n") ]
