# A URL is a string.
[ http://example.org/?q=a:b file:///x git+ssh://u@h/p ]
