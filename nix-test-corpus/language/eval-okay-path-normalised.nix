# Dots, double dots and repeated slashes are resolved in the text alone.
[ /a/./b /a/../b /a/b/../../../c /. (/a + "/b/../c") (/a/b + "/..") ]
