# The @ needs a set pattern on one side.
a@b: a
