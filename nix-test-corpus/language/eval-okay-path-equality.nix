# Paths are equal when their normalised text is; never equal to strings.
[ (/a/b == /a/./b) (/a/b == "/a/b") (/a == /b) (/a < /b) ]
