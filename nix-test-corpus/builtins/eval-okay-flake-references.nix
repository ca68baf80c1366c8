# Flake references, taken apart and put together.
[
  (builtins.parseFlakeRef "github:owner/repo/branch?dir=sub")
  (builtins.parseFlakeRef "git+https://example.org/repo.git?ref=main")
  (builtins.flakeRefToString { type = "github"; owner = "o"; repo = "r"; rev = "0123456789012345678901234567890123456789"; })
]
