# Nor is null.
"value: ${null}"
