# Updating with an empty set on either side changes nothing.
[ ({ a = 1; } // { }) ({ } // { a = 1; }) ({ } // { }) ]
