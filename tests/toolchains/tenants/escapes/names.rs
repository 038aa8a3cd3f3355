//! Names that no program can say: each line that ends in a code is refused with just that.

mod db;

struct Mine;

impl db::rt::sealed::Sealed for Mine {} //~ E0603

fn main() {}
