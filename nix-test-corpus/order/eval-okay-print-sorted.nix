# Sets are printed with their names in byte order, not in the order written.
{ zebra = 1; apple = 2; Mango = 3; _x = 4; apple2 = 5; app = 6; "-" = 7; "é" = 8; "10" = 9; "9" = 10; }
