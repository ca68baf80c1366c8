# The message of throw must be a string.
throw 5
