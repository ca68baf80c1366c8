# The left side of || must be a Boolean.
[ ] || true
