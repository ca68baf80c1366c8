# Line comments, block comments, and things that only look like them.
[
  1 # one
  /* block */ 2
  /* several
     lines # with a hash
  */
  3
  "# not a comment"
  "/* nor this */"
  /** doc comment */ 4
  /**/ 5
  /***/ 6
  /* ** / still inside */ 7
]
