# The right side of -> must be a Boolean when it is needed.
true -> 5
