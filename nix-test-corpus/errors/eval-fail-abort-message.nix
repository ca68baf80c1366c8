# abort ends the evaluation and says so.
abort "giving up"
