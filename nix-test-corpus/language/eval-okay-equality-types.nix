# Values of different types are never equal; numbers are one family.
[ (1 == "1") (null == false) ([ ] == { }) ("" == null) (1 == 1.0) (0 == false) (/a == "/a") ]
