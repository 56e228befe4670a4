//! The program `linli`.

fn main() {
    print!("{}", node::api::document());
}
