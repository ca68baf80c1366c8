# Relative paths start at the folder of the file, not the working directory.
[ ./. ./x ../y ./a/../b ./data/./x ]
