# A set needs __toString or outPath.
"set: ${{ a = 1; b = [ 2 ]; }}"
