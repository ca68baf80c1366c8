# Reading a JSON file.
(builtins.fromJSON (builtins.readFile ./data/config.json)).servers
