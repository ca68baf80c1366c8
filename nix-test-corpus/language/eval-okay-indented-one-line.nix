# On a single line nothing is removed except what precedes no text.
[ '''' ''x'' ''  x'' ''x  '' ''  '' ]
