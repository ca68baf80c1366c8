# The folder part: strings stay strings, paths stay paths.
[
  (dirOf "/a/b.txt") (dirOf "a/b/c") (dirOf "plain") (dirOf "") (dirOf "/") (dirOf "/a") (dirOf "a/b/")
  (dirOf /x/y/z) (dirOf /.)
]
