//! The words on the screens.

pub mod first_screen;
pub mod lab;
pub mod screens;

use crate::text::catalog::{Language, Messages, part};

impl Messages {
    /// The frame around every screen, and the first screen.
    pub fn opening(&self) -> &'static first_screen::OpeningProse {
        match self.language() {
            Language::English => &first_screen::ENGLISH,
            Language::SimplifiedChinese => &first_screen::CHINESE,
        }
    }

    /// The screens behind the first one.
    pub fn screens(&self) -> &screens::ScreensProse {
        part!(self, Screens, "screens")
    }

    /// The laboratory.
    pub fn lab(&self) -> &lab::LabProse {
        part!(self, Lab, "lab")
    }
}
