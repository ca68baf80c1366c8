# A name that is not found throws, and the throw can be caught.
[
  (builtins.tryEval <does-not-exist-anywhere>)
  (builtins.tryEval <does-not/exist>)
]
