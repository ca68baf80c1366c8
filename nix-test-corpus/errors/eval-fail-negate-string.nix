# Unary minus subtracts from 0.
-"5"
