# null is not false.
if null then "yes" else "no"
