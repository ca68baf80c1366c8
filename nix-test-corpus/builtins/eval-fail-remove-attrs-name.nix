# Names must be strings.
removeAttrs { a = 1; } [ "a" 2 ]
