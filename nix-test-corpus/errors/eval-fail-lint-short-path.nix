# A path without ./ at its start, where the settings refuse it.
a/b
