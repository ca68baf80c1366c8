# Division by a zero float is an error as well.
1.5 / 0.0
