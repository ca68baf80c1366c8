# A duplicate is told before a number that comes later and does not fit.
{ p = 1; p = 2; q = 98765432109876543210; }
