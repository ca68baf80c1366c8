# import wants a path.
import 5
