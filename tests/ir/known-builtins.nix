# A builtin known by name and given enough arguments is called directly. Given fewer, or hidden, it is a function like any.
l: [
  (builtins.length l)
  (map (x: x) l)
  (builtins.elemAt l)
  (let map = f: f; in map l)
]
