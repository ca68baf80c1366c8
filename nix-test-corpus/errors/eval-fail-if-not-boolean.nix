# The condition of an if must be a Boolean.
if 1 then "yes" else "no"
