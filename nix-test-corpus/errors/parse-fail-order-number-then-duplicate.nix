# A number that does not fit is told before a duplicate that is complete later.
{ p = 1; p = 98765432109876543210; }
