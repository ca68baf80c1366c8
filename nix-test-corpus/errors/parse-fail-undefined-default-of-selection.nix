# The default of a selection is bound before computed names of its path.
{ }.${missing1} or missing2
