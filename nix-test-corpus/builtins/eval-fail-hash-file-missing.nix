# Hashing a file that is not there.
builtins.hashFile "sha256" ./data/no-such-file
