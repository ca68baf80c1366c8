//! stub
/// stub
#[derive(Debug)]
pub struct AutoArguments;
