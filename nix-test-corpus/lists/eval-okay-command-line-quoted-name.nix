# Quotes in a command line path keep dots together.
{ "a.b".c = "dotted name"; a.b.c = "path"; }
