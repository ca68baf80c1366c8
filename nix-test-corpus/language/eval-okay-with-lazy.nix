# The set of a with is evaluated only when a name is looked up in it.
[
  (with throw "never looked at"; 1)
  (let x = 2; in with throw "never looked at"; x)
]
