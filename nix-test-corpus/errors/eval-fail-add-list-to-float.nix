# A float cannot take a list.
1.5 + [ ]
