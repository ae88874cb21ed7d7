//! `migrate!` reads the migrations while compiling: a new file there must compile it again.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
