# Strings compare byte by byte.
[ ("a" < "b") ("B" < "a") ("" < "a") ("ab" < "a") ("abc" < "abd") ("é" > "z") ("10" < "9") ("a" <= "a") ("a" >= "b") ]
