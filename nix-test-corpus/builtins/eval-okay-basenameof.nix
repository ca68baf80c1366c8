# The last part of a path or string; one trailing slash is ignored.
[
  (baseNameOf "/a/b.txt") (baseNameOf "/a/b/") (baseNameOf "/a/b//") (baseNameOf "plain")
  (baseNameOf "") (baseNameOf "/") (baseNameOf /x/y.z) (baseNameOf "a/.")
]
