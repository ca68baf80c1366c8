//! The program wants a name for its build.

fn main() {
    println!("cargo::rustc-env=NIVIS_BUILD=fuzz");
    println!("cargo::rerun-if-changed=build.rs");
}
