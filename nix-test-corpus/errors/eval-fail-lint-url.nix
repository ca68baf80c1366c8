# A URL without quotes, where the settings refuse it.
[ https://example.org/a ]
