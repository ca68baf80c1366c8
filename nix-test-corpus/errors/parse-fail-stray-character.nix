# A character that starts no token.
a ^ b
