# __curPos has a node of its own.
[ __curPos ]
