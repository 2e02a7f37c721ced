//! A function that the table does not have.
use kept::checkpoint;

macro_rules! make {
    ($name:ident) => {
        #[checkpoint]
        fn $name() -> u8 {
            1
        }
    };
}

make!(made);

fn main() {}
