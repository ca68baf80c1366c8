# throw ends the evaluation with its message.
throw "something went wrong"
