# pathExists on files, folders, and what is not there.
map builtins.pathExists [
  ./data/text.txt
  ./data
  ./data/nothing
  (./data + "/text.txt/x")
  (toString ./data + "/")
  (toString ./data/text.txt + "/")
  (toString ./data/text.txt + "/.")
  /this/path/does/not/exist
]
