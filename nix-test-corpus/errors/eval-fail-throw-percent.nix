# A message may hold characters that mean something elsewhere.
throw "100% of {braces} and %s and %1% \${x}"
