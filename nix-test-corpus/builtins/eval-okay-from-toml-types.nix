# Tables, arrays, strings, numbers of all bases, Booleans.
builtins.fromTOML ''
  title = "example"
  count = 1_000
  hex = 0xff
  oct = 0o17
  bin = 0b101
  ratio = 2.5
  big = 1e3
  on = true
  list = [1, [2, 3], ["a"]]
  literal = 'no \escape'

  [server]
  port = 80
  name.first = "dotted"

  [server.inner]
  x = {a = 1, b = {c = 2}}

  [[item]]
  id = 1

  [[item]]
  id = 2
''
