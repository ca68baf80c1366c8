# Comments leave no trace in the tree.
# another
/* block */ a: /** doc */ b: # trailing
  /* */ a /* between */ b
