//! What is elsewhere: brought here, and unpacked.

pub mod archives;
