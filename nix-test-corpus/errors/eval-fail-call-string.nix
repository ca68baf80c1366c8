# Calling a string; a forgotten operator often leads here.
"text" "more text"
