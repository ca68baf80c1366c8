# Versions are compared part by part; numbers by value, "pre" before everything.
map ({ a, b }: builtins.compareVersions a b) [
  { a = "1.0"; b = "1.0"; }
  { a = "1.2"; b = "1.10"; }
  { a = "2.0"; b = "1.99"; }
  { a = "1.0pre1"; b = "1.0"; }
  { a = "1.0"; b = "1.0.1"; }
  { a = "1.0a"; b = "1.0"; }
  { a = "1.0a"; b = "1.0.1"; }
  { a = "1.0-rc1"; b = "1.0"; }
  { a = "1-2"; b = "1.2"; }
  { a = "01"; b = "1"; }
  { a = ""; b = "0"; }
  { a = ""; b = ""; }
  { a = "2.3pre"; b = "2.3a"; }
  { a = "abc"; b = "abd"; }
]
