# Plain strings may span lines; indentation is kept.
"first
  second
	third"
