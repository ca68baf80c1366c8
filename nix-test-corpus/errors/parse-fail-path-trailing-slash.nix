# A path cannot end with a slash.
./folder/
