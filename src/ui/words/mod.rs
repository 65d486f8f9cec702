//! The words on the screens.

pub mod first_screen;
pub mod lab;
pub mod screens;
