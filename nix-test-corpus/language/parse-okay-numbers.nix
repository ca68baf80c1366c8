# Numbers are shown by value.
[ 1 007 1.5 .5 1. 1.0e10 123456789.0 ]
