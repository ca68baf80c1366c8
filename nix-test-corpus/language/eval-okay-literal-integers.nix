# Integer literals are decimal; leading zeros do not mean octal.
[ 0 7 007 0042 9223372036854775807 ]
