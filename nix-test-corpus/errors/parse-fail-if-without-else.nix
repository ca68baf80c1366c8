# if needs else.
if true then 1
