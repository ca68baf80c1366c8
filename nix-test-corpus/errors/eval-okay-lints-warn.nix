# Discouraged literals are warned about, in order, where the settings say so.
[
  (builtins.isPath /b)
  (builtins.isPath a/b)
  https://example.org/a
]
