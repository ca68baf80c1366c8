# Control characters other than newline, return and tab are printed as they are.
"bell: tab:	 end"
