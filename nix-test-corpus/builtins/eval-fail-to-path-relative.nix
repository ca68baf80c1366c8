# toPath wants an absolute path.
builtins.toPath "relative/path"
