# A string with context does not extend a path.
./. + "${./data}"
