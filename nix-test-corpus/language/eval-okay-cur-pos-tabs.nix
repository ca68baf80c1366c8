# In positions a tab counts as one column, a letter outside of ASCII as its bytes.
[
		__curPos.column
  "é" __curPos.column
]
