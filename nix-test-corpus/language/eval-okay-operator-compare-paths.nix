# Paths compare by their text.
[ (/a < /b) (/a/b < /a) (/b >= /a) (/a <= /a) ]
