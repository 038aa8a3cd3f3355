//! Compiled when the tools are installed, so that the dependencies are there when the tests start.

fn main() {}
