{ greet ? "hello" }: {
  message = "${greet} world";
  list = [ 1 2 3 ];
}
