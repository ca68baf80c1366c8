# Versions are strings.
builtins.compareVersions "1.0" 1.0
