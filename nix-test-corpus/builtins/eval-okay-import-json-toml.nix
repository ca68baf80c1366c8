# The same data in JSON and TOML.
builtins.fromJSON (builtins.readFile ./data/config.json) == builtins.fromTOML (builtins.readFile ./data/config.toml)
