# There is no interpolation between angle brackets.
<a/${"b"}>
