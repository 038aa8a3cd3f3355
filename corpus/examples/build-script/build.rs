// Generates src/db from a committed snapshot: no server, no network. Commit src/db too, so that the crate
// can be built where pgkit is not installed.
//
//     pgkit show "$DATABASE_URL" --as json -o catalog.json    # when the schema changes
//
// pgkit.toml:  source = "catalog.json"
//              [rust]
//              dir = "src/db"

use std::io::ErrorKind;
use std::process::Command;

fn main() {
    // Only what is read: files that are written here would make cargo run this again and again.
    println!("cargo::rerun-if-changed=pgkit.toml");
    println!("cargo::rerun-if-changed=catalog.json");
    match Command::new("pgkit").arg("gen").status() {
        Ok(status) if status.success() => (),
        Ok(status) => panic!("pgkit gen: {status}"),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("cargo::warning=pgkit is not installed: src/db is taken as it is");
        }
        Err(error) => panic!("pgkit gen: {error}"),
    }
}
