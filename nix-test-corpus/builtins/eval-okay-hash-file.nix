# hashFile hashes the contents of a file.
[
  (builtins.hashFile "sha256" ./data/text.txt)
  (builtins.hashFile "sha256" ./data/text.txt == builtins.hashString "sha256" (builtins.readFile ./data/text.txt))
]
