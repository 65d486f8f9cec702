//! oauthlens, the program: reads the arguments, chooses the front end, gives the exit status.

fn main() {}
