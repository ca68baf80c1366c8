# Inside a quoted string, CR LF in the source counts as one newline.
"one
two"
