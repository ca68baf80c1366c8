# Set patterns with defaults, ellipsis and a name for the whole.
[
  ({ }: 1)
  ({ ... }: 1)
  ({ b, a }: a)
  ({ b ? 2, a, ... }: a)
  ({ x }@args: args)
  (args@{ x, y ? x }: args)
  (x: y: x)
]
