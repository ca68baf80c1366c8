# With strict printing, the trace leads to the attribute that failed.
{
  fine = 1;
  outer = {
    list = [ 0 { deep = throw "deep inside"; } ];
  };
}
