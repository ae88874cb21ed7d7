//! Names the folder of the browser's side, which the binary embeds. Without `KLIENTURA_SITE` the
//! server is built with an empty one: its pages then work as they do without JavaScript.

use std::path::PathBuf;

fn main() {
    println!("cargo:rerun-if-env-changed=KLIENTURA_SITE");
    let wanted = std::env::var_os("KLIENTURA_SITE").map(PathBuf::from);
    // One that is not there yet is looked for again.
    if let Some(wanted) = &wanted {
        println!("cargo:rerun-if-changed={}", wanted.display());
    }
    let site = wanted.filter(|site| site.is_dir()).unwrap_or_else(|| {
        let empty = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("no-site");
        let _ = std::fs::create_dir_all(&empty);
        empty
    });
    println!("cargo:rerun-if-changed={}", site.display());
    println!("cargo:rustc-env=KLIENTURA_SITE_EMBEDDED={}", site.display());
}
