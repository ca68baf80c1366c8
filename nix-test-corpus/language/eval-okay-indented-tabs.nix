# Only spaces are indentation: a tab counts as text.
''
  	one
  two
	three
''
