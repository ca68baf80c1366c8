# A dollar sign at the end of an indented string is text.
[ ''a$'' ''$$'' ''$'$'' ''costs 5$
'' ]
