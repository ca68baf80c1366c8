# The right side is looked at only when the left side holds.
(false && 1) || (true && "x")
