# Nor are Booleans.
"flag: ${true}"
