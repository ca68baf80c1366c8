# A backslash outside of strings.
\x -> x
